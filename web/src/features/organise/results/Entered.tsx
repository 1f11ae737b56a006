import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { useNow } from "../../../node/clock";
import { Rest, Score } from "../../../sentences/Outcome";
import { namesOf } from "../../../words/Names";
import { moment, seconds } from "../../../words/time";
import { NotKnown } from "../NotKnown";
import { Objections } from "../Objections";
import { sameResult, signedBy, type Match } from "../outcome";
import { Correct } from "./Correct";
import { Pair } from "../Teams";
import styles from "./Results.module.css";

function Row({ match, account, correct }: { match: Match; account: string; correct: () => void }) {
  const now_s = useNow(60);
  const sending = useOffice();
  const { record } = match;
  if (record == null) return null;
  const names = namesOf(record.signers);
  const office = sameResult(match);
  const until = record.final_at == null ? undefined : moment(seconds(record.final_at), now_s);
  return (
    <li className={styles.entered}>
      <div className={styles.stands}>
        <Pair match={match} />
        {office !== undefined && (
          <span className={styles.score}>
            <Score outcome={record.outcome} />
          </span>
        )}
      </div>
      {office === undefined ? <NotKnown /> : <Rest match={match} outcome={record.outcome} />}
      <p className={styles.soft}>
        {until === undefined ? (
          <Trans>Entered by {names}.</Trans>
        ) : (
          <Trans>
            Entered by {names}. Final {until}.
          </Trans>
        )}
      </p>
      <Objections of={match} />
      <div className={styles.doing}>
        <Button look="well" onPress={correct}>
          <Trans>Correct it</Trans>
        </Button>
        {office !== undefined && !signedBy(record.signers, account) && (
          <Button look="quiet" isDisabled={sending.isPending} onPress={() => sending.mutate(office)}>
            <Trans>Confirm it too</Trans>
          </Button>
        )}
      </div>
      <Refusal error={sending.error} />
    </li>
  );
}

/** Results that stand and may still be corrected, the newest first. */
export function Entered({ records, account }: { records: readonly Match[]; account: string }) {
  const [correcting, setCorrecting] = useState<Match>();
  const count = records.length;
  if (count === 0) return null;
  const ordered = [...records].sort((one, other) => (other.record?.since ?? "").localeCompare(one.record?.since ?? ""));
  return (
    <>
      <details className={styles.fold}>
        <summary>
          <h2>
            <Trans>Entered – can still be corrected</Trans>
          </h2>
          <span className={styles.soft}>
            <Plural value={count} one="# result" other="# results" />
          </span>
        </summary>
        <Card>
          <ul>
            {ordered.map((match) => (
              <Row key={match.code} match={match} account={account} correct={() => setCorrecting(match)} />
            ))}
          </ul>
        </Card>
      </details>
      <Correct match={correcting} close={() => setCorrecting(undefined)} />
    </>
  );
}
