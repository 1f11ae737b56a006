import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { teamName } from "../design/teams";
import type { Status } from "../identity/assent/acts";
import type { Shapes } from "../node/client";
import styles from "./Outcome.module.css";

export const STATUS_WORDS: Record<Status, ReactNode> = {
  played: <Trans>Played</Trans>,
  cancelled: <Trans>Cancelled</Trans>,
  postponed: <Trans>Postponed</Trans>,
  abandoned: <Trans>Abandoned</Trans>,
  awarded: <Trans>Awarded</Trans>,
};

/** The same within a sentence, where there is no score. */
export const BECAME: Readonly<Record<string, ReactNode>> = {
  cancelled: <Trans>cancelled</Trans>,
  abandoned: <Trans>abandoned</Trans>,
  postponed: <Trans>postponed</Trans>,
};

const text = ({ home, away }: { home: number; away: number }): string => `${home}:${away}`;

/** What became of a match, in a line. */
export function Score({ outcome }: { outcome: Shapes["OutcomeBody"] }) {
  const status = outcome.status as Status;
  return (
    <span>
      {outcome.after_90 != null && <span className={styles.score}>{text(outcome.after_90)}</span>}
      {status !== "played" && <strong> {STATUS_WORDS[status]}</strong>}
    </span>
  );
}

/** The rest of it: extra time, penalties, who goes on, why. Nothing where there is no more. */
export function Rest({ match, outcome }: { match: Shapes["Fixture"]; outcome: Shapes["OutcomeBody"] }) {
  const half = outcome.half_time != null && text(outcome.half_time);
  const extra = outcome.after_120 != null && text(outcome.after_120);
  const shootout = outcome.shootout != null && text(outcome.shootout);
  const on = outcome.advances === "home" || outcome.advances === "away" ? teamName(match[outcome.advances]) : undefined;
  const { reason } = outcome;
  if (!half && !extra && !shootout && on === undefined && reason == null) return null;
  return (
    <p className={styles.rest}>
      {half && <Trans>half-time: {half}</Trans>} {extra && <Trans>after extra time: {extra}</Trans>}{" "}
      {shootout && <Trans>penalties: {shootout}</Trans>} {on !== undefined && <Trans>{on} advances</Trans>}{" "}
      {reason != null && <Trans>“{reason}”</Trans>}
    </p>
  );
}
