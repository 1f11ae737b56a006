import { Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { Disc } from "../../../design/people";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { Rest, Score } from "../../../sentences/Outcome";
import { namesOf } from "../../../words/Names";
import { nameOf } from "../me";
import { NotKnown } from "../NotKnown";
import { alike, scoreText, signedBy, type Match, type WaitingResult } from "../outcome";
import { Signers } from "../Signers";
import { Line } from "../Teams";
import styles from "./Results.module.css";

interface Props {
  vote: WaitingResult;
  match: Match;
  account: string;
  sign: (office: ReportedAdminAction) => void;
  correct: () => void;
  busy: boolean;
}

/** A result that other organisers have entered, or this one, and that counts once enough of them have. */
export function Entry({ vote, match, account, sign, correct, busy }: Props) {
  const [first] = vote.signers;
  const own = signedBy(vote.signers, account);
  const office = alike(vote, match);
  const names = namesOf(vote.signers);
  const score = scoreText(vote.outcome);
  return (
    <Card className={styles.need}>
      <div className={styles.says}>
        {first !== undefined && <Disc person={{ account: first.account, name: nameOf(first) }} size={40} />}
        <div className={styles.said}>
          <p className={styles.soft}>
            {own ? <Trans>You entered this result</Trans> : <Trans>{names} entered this result</Trans>}
          </p>
          <Line match={match}>
            {office !== undefined && (
              <span className={styles.score}>
                <Score outcome={vote.outcome} />
              </span>
            )}
          </Line>
          {office === undefined ? <NotKnown /> : <Rest match={match} outcome={vote.outcome} />}
          <Signers vote={vote} />
        </div>
      </div>
      <div className={styles.either}>
        <Button look="well" onPress={correct}>
          <Trans>It was different</Trans>
        </Button>
        {!own && vote.signable && office !== undefined && (
          <Button look="main" isDisabled={busy} onPress={() => sign(office)}>
            {score === undefined ? <Trans>Confirm it</Trans> : <Trans>Confirm {score}</Trans>}
          </Button>
        )}
      </div>
    </Card>
  );
}
