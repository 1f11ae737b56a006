import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Card } from "../../../design/Card";
import { State } from "../../../design/State";
import { matchName } from "../../../design/teams";
import { useNow } from "../../../node/clock";
import { roundName } from "../../../words/rounds";
import { moment, seconds } from "../../../words/time";
import styles from "../Organise.module.css";
import type { Match } from "../outcome";
import { Pair } from "../Teams";

function When({ match: { kickoff, day, postponed } }: { match: Match }) {
  const now_s = useNow(60);
  if (postponed) return <Trans>Postponed</Trans>;
  const at = kickoff ?? day?.begins;
  return at == null ? <Trans>no date yet</Trans> : moment(seconds(at), now_s);
}

interface Props {
  stage: string;
  matches: readonly Match[];
  /** Whether it is unfolded at first. */
  open: boolean;
  /** Whether a change of a match is on its way. */
  isSent: (match: Match) => boolean;
  change: (match: Match) => void;
}

/** The matches of a round that can still be changed, folded. */
export function Round({ stage, matches, open, isSent, change }: Props) {
  const { t } = useLingui();
  const [unfolded, unfold] = useState(open);
  const count = matches.length;
  return (
    <details className={styles.folded} open={unfolded} onToggle={({ currentTarget }) => unfold(currentTarget.open)}>
      <summary>
        <h3>{roundName(stage)}</h3>
        <span className={styles.soft}>
          <Plural value={count} one="# match" other="# matches" />
        </span>
      </summary>
      {unfolded && (
        <Card>
          <ul>
            {matches.map((match) => {
              const name = matchName(match);
              return (
                <li key={match.code} className={styles.match}>
                  <Pair match={match}>
                    <span className={styles.soft}>
                      <When match={match} />
                    </span>
                  </Pair>
                  {isSent(match) ? (
                    <State is="sent" />
                  ) : (
                    <Button look="quiet" aria-label={t`Change ${name}`} onPress={() => change(match)}>
                      <Trans>Change</Trans>
                    </Button>
                  )}
                </li>
              );
            })}
          </ul>
        </Card>
      )}
    </details>
  );
}
