import { Trans, useLingui } from "@lingui/react/macro";

import { Choice } from "../../design/Choice";
import type { Shapes } from "../../node/client";
import { roundName } from "../../words/rounds";
import styles from "./Table.module.css";
import { ALL } from "./useMatrix";
import { toPlay } from "./over";

interface Props {
  rounds: readonly Shapes["RoundBody"][];
  matches: readonly Shapes["MatchBody"][];
  stage: string;
  /** Whether all of them can be chosen at once. */
  all: boolean;
  choose: (stage: string) => void;
}

/** Which round, and how much of it was played. */
export function Rounds({ rounds, matches, stage, all, choose }: Props) {
  const { t } = useLingui();
  const byNo = new Map(matches.map((match) => [match.no, match]));
  const shown = stage === ALL ? rounds : rounds.filter((round) => round.stage === stage);
  const of = shown.reduce((sum, round) => sum + round.matches.length, 0);
  const played = of - shown.reduce((sum, round) => sum + toPlay(round, byNo), 0);
  return (
    <div className={styles.rounds}>
      <Choice
        label={t`Round`}
        silent
        look="pills"
        value={stage}
        choices={[
          ...(all && rounds.length > 1 ? [{ value: ALL, says: t`All rounds` }] : []),
          ...rounds.map((round) => ({ value: round.stage, says: roundName(round.stage) })),
        ]}
        choose={choose}
      />
      {of > 0 && (
        <span className={styles.played}>
          <Trans>
            {played} of {of} played
          </Trans>
        </span>
      )}
    </div>
  );
}
