import { Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { Disc } from "../../../design/people";
import type { Objection } from "../../../identity/assent/objections";
import { Score } from "../../../sentences/Outcome";
import { nameOf } from "../me";
import { scoreText } from "../outcome";
import { Line } from "../Teams";
import styles from "./Results.module.css";

interface Props {
  objection: Objection;
  keep: () => void;
  correct: () => void;
}

/** A result that a friend says is wrong: it is kept, or corrected. */
export function Objected({ objection: { match, player, text }, keep, correct }: Props) {
  const name = nameOf(player);
  const outcome = match.record?.outcome;
  const score = outcome && scoreText(outcome);
  return (
    <Card className={styles.need}>
      <div className={styles.says}>
        <Disc person={{ account: player.account, name }} size={40} />
        <div className={styles.said}>
          <p className={styles.soft}>
            <Trans>{name} says this is wrong</Trans>
          </p>
          <Line match={match}>
            {outcome && (
              <s className={styles.struck}>
                <Score outcome={outcome} />
              </s>
            )}
          </Line>
          <p className={styles.quote}>
            <Trans>“{text}”</Trans>
          </p>
        </div>
      </div>
      <div className={styles.either}>
        <Button look="well" onPress={keep}>
          {score === undefined ? <Trans>Keep it</Trans> : <Trans>Keep {score}</Trans>}
        </Button>
        <Button look="main" onPress={correct}>
          <Trans>Correct it</Trans>
        </Button>
      </div>
    </Card>
  );
}
