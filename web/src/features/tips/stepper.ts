import type { Draft } from "../../identity/drafts/drafts";

/** As many goals as a tip can name. */
export const MOST_GOALS = 99;

export type Side = "home" | "away";

/** What a thumb's tap makes of a tip: the first one writes both sides. */
export function stepped(draft: Draft | undefined, side: Side, by: 1 | -1): Draft {
  const { home = null, away = null, stake = 0 } = draft ?? {};
  const from = side === "home" ? home : away;
  const to = from === null ? Math.max(by, 0) : Math.min(Math.max(from + by, 0), MOST_GOALS);
  const other = (side === "home" ? away : home) ?? 0;
  return side === "home" ? { home: to, away: other, stake } : { home: other, away: to, stake };
}

/** What typing makes of it: only this side, and nothing where the digits are rubbed out. */
export function typed(draft: Draft | undefined, side: Side, text: string): Draft {
  const { home = null, away = null, stake = 0 } = draft ?? {};
  const digits = text.replace(/\D/g, "").slice(-2);
  const goals = digits === "" ? null : Number(digits);
  return side === "home" ? { home: goals, away, stake } : { home, away: goals, stake };
}
