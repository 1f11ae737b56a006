import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Team } from "../../design/teams";
import { Refusal } from "../../identity/sending/Refusal";
import { useOffice } from "../../identity/sending/useSend";
import { useNow } from "../../node/clock";
import { useObjections } from "../../node/queries";
import { Rest, Score } from "../../sentences/Outcome";
import { moment, seconds } from "../../words/time";
import { Correct } from "./Correct";
import { nameOf } from "./me";
import { NotKnown } from "./NotKnown";
import styles from "./Organise.module.css";
import { sameResult, signedBy, type Match } from "./outcome";

function Objections({ match, version }: { match: Match; version: number }) {
  const objections = useObjections(match.code).data?.filter((objection) => objection.version === version) ?? [];
  if (objections.length === 0) return null;
  return (
    <Notice look="soon">
      {objections.map((objection) => {
        const [who, { text }] = [nameOf(objection.player), objection];
        return (
          <p key={objection.player.account}>
            <Trans>
              <strong>{who}</strong> objects: “{text}”
            </Trans>
          </p>
        );
      })}
    </Notice>
  );
}

function Record({ match, account, correct }: { match: Match; account: string; correct: () => void }) {
  const now_s = useNow(60);
  const sending = useOffice();
  const { record } = match;
  if (record == null) return null;
  const names = record.signers.map(nameOf).join(", ");
  const office = sameResult(match);
  const until = record.final_at == null ? undefined : moment(seconds(record.final_at), now_s);
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        <span className={styles.teams}>
          <Team team={match.home} />
          <Team team={match.away} />
        </span>
        {office !== undefined && <Score outcome={record.outcome} />}
      </div>
      {office === undefined ? <NotKnown /> : <Rest match={match} outcome={record.outcome} />}
      <p className={styles.soft}>
        <Trans>Signed by {names}.</Trans> {until !== undefined && <Trans>It can be corrected until {until}.</Trans>}
      </p>
      {record.objections > 0 && <Objections match={match} version={record.version} />}
      <div className={styles.doing}>
        <Button onPress={correct}>
          <Trans>Correct it</Trans>
        </Button>
        {office !== undefined && !signedBy(record.signers, account) && (
          <Button look="quiet" isDisabled={sending.isPending} onPress={() => sending.mutate(office)}>
            <Trans>Sign it too</Trans>
          </Button>
        )}
      </div>
      <Refusal error={sending.error} />
    </li>
  );
}

/** Results that stand and may still be corrected, those with objections first. */
export function Records({ records, account }: { records: Match[]; account: string }) {
  const [correcting, setCorrecting] = useState<Match>();
  if (records.length === 0) return null;
  const ordered = [...records].sort(
    (one, other) =>
      (other.record?.objections ?? 0) - (one.record?.objections ?? 0) ||
      (other.record?.since ?? "").localeCompare(one.record?.since ?? ""),
  );
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>
        <Trans>They stand, and can be corrected</Trans>
      </h2>
      <ul className={styles.rows}>
        {ordered.map((match) => (
          <Record key={match.code} match={match} account={account} correct={() => setCorrecting(match)} />
        ))}
      </ul>
      <Correct match={correcting} close={() => setCorrecting(undefined)} />
    </section>
  );
}
