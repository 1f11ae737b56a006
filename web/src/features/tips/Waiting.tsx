import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";

import { According } from "../../design/According";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { poolOptions, useStatus } from "../../node/queries";
import { namesOf } from "../../words/Names";
import { moment, seconds } from "../../words/time";
import styles from "./Line.module.css";

interface Props {
  match: Shapes["MatchBody"];
  tip: OwnTip;
  /** Writes it as a draft once more. */
  again: (() => void) | undefined;
}

/** Why a tip is in no block yet, where that is more than the usual moment, and until when it has to be. */
export function Waiting({ match, tip, again }: Props) {
  const now_s = useNow(60);
  const consensus = useQuery(poolOptions()).data?.consensus;
  const status = useStatus().data;
  // Where miners find the blocks, validators hold none up.
  const waits = consensus === "hybrid" ? null : status?.waits;
  const gone = tip.fate === "lost" || tip.fate === "refused";
  if (tip.bet !== undefined || (waits == null && tip.fate !== "again" && !gone)) return null;
  if (gone)
    return (
      <p className={styles.note} data-hot>
        {tip.fate === "lost" ? (
          <Trans>Another entry took your tip’s place, so it doesn’t count.</Trans>
        ) : (
          <Trans>The pool’s computer lost your tip and can no longer accept it.</Trans>
        )}{" "}
        {again !== undefined && (
          <button type="button" onClick={again}>
            <Trans>Tip again</Trans>
          </button>
        )}
      </p>
    );
  const until = match.deadline == null ? "" : moment(seconds(match.deadline), now_s);
  const names = namesOf(waits?.away ?? []);
  return (
    <p className={styles.note} data-hot role="status">
      {waits == null ? (
        <Trans>Not confirmed yet: the pool’s computer had lost your tip, and this page sent it again.</Trans>
      ) : (
        <According line>
          {waits.away.length === 0 ? (
            <Trans>Not confirmed yet: the pool is waiting.</Trans>
          ) : (
            <Trans>Not confirmed yet: the pool is waiting for the computer of {names}.</Trans>
          )}
        </According>
      )}{" "}
      {until !== "" && <Trans>It only counts if it is confirmed before {until}.</Trans>}
    </p>
  );
}
