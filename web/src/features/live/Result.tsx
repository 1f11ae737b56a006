import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { MatchLink } from "../../sentences/ActionText";
import { teamName } from "../../design/teams";
import { Names } from "../../words/Names";
import type { Item } from "./feed";
import styles from "./Live.module.css";

type Of = Extract<Item, { is: "result" }>;

/** What became of a match that has no score. */
function Without({ who, match, status }: { who: ReactNode; match: ReactNode; status: string }) {
  switch (status) {
    case "postponed":
      return (
        <Trans>
          {who} put off {match}
        </Trans>
      );
    case "cancelled":
      return (
        <Trans>
          {who} cancelled {match}
        </Trans>
      );
    case "abandoned":
      return (
        <Trans>
          {who} abandoned {match}
        </Trans>
      );
    default:
      return (
        <Trans>
          {who} awarded {match}
        </Trans>
      );
  }
}

/** What organisers recorded of a match: what stands, or what stood before. */
export function Result({ of: { match, record } }: { of: Of }) {
  const { score, outcome, corrects, corrected } = record;
  const who = <Names players={record.signers} />;
  const [home, away] = [teamName(match.home), teamName(match.away)];
  const goals = score == null ? "" : `${score.home}:${score.away}`;
  const why = score == null || corrects ? outcome.reason : undefined;
  return (
    <>
      {score == null ? (
        <Without who={who} match={<MatchLink match={match} />} status={outcome.status} />
      ) : (
        <>
          {who}: {home} <strong className={styles.score}>{corrected ? <s>{goals}</s> : goals}</strong> {away}
        </>
      )}
      {score != null && corrects && (
        <>
          . <Trans>Corrected</Trans>
        </>
      )}
      {why == null ? (
        "."
      ) : (
        <>
          : <q>{why}</q>
        </>
      )}
      {corrected && (
        <>
          {" "}
          <Trans>Corrected later.</Trans>
        </>
      )}
    </>
  );
}
