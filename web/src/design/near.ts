import type { Shapes } from "../node/client";

/** How near a tip came, as far as a colour says it: gold, green, grey. */
export type Near = "exact" | "scored" | "none";

/** The same of a tip as the node gives it; nothing until its match has a score that counts. */
export function near({ tier, points }: Pick<Shapes["BetBody"], "tier" | "points">): Near | undefined {
  if (points == null) return undefined;
  if (tier === "exact") return "exact";
  return points > 0 ? "scored" : "none";
}
