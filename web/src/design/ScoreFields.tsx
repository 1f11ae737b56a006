import { useLingui } from "@lingui/react/macro";

import styles from "./ScoreFields.module.css";

/** Goals as far as they are written. */
export interface Goals {
  home: number | null;
  away: number | null;
}

export const NO_GOALS: Goals = { home: null, away: null };

/** A score, if both teams' goals are written. */
export const scoreOf = ({ home, away }: Goals): { home: number; away: number } | undefined =>
  home === null || away === null ? undefined : { home, away };

/** Whether only one team's goals are written. */
export const isHalf = ({ home, away }: Goals): boolean => (home === null) !== (away === null);

const isGoals = (it: unknown): boolean => it === null || (Number.isInteger(it) && Number(it) >= 0 && Number(it) <= 99);

/** Whether something that was kept is a score as far as it is written. */
export const isScoreLike = (it: unknown): it is Goals => {
  const { home, away } = (it ?? {}) as Partial<Goals>;
  return isGoals(home) && isGoals(away);
};

const goals = (text: string): number | null => {
  const digits = text.replace(/\D/g, "").slice(-2);
  return digits === "" ? null : Number(digits);
};

interface Props {
  /** What the teams are called. */
  home: string;
  away: string;
  /** Which score, where a match has several: "after 120 minutes". */
  of?: string;
  value: Goals;
  change: (value: Goals) => void;
}

/** A score to be typed: the goals of the team named first, then of the other. */
export function ScoreFields({ home, away, of, value, change }: Props) {
  const { t } = useLingui();
  const field = (side: keyof Goals, team: string) => (
    <input
      className={styles.goals}
      inputMode="numeric"
      autoComplete="off"
      placeholder="–"
      aria-label={of === undefined ? t`Goals of ${team}` : t`Goals of ${team}, ${of}`}
      value={value[side] ?? ""}
      onChange={(event) => change({ ...value, [side]: goals(event.target.value) })}
      onFocus={(event) => event.target.select()}
    />
  );
  return (
    <span className={styles.scores}>
      {field("home", home)}
      <span className={styles.colon} aria-hidden="true">
        :
      </span>
      {field("away", away)}
    </span>
  );
}
