import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../node/client";
import styles from "./Tier.module.css";

const WORDS: Record<string, ReactNode> = {
  exact: <Trans>Exact</Trans>,
  difference: <Trans>Difference</Trans>,
  tendency: <Trans>Winner</Trans>,
  draw: <Trans>Draw</Trans>,
  one_team: <Trans>One team</Trans>,
  none: <Trans>Wrong</Trans>,
};

/** How near a tip came. */
export function Tier({ bet }: { bet: Pick<Shapes["BetBody"], "tier" | "points" | "score"> }) {
  if (bet.tier == null) return null;
  const { score } = bet;
  // A draw has no winner.
  const draw = bet.tier === "tendency" && score != null && score.home === score.away;
  const tier = bet.points === 0 && bet.tier === "one_team" ? "none" : bet.tier;
  return (
    <span className={styles.tier} data-tier={tier}>
      {WORDS[draw ? "draw" : tier]}
    </span>
  );
}
