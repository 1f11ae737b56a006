import { NO_DRAFT, type Draft, type Side, withGoals } from "../../identity/drafts/draft";

/** As many goals as a tip can name. */
export const MOST_GOALS = 99;

/** What a thumb's tap makes of a tip: the first one writes both sides. */
export function stepped(draft: Draft | undefined, side: Side, by: 1 | -1): Draft {
  const before = draft ?? NO_DRAFT;
  const from = before[side];
  const to = from === null ? Math.max(by, 0) : Math.min(Math.max(from + by, 0), MOST_GOALS);
  return withGoals(before, { home: before.home ?? 0, away: before.away ?? 0, [side]: to });
}

/** What typing makes of it: only this side, and nothing where the digits are rubbed out. */
export function typed(draft: Draft | undefined, side: Side, text: string): Draft {
  const digits = text.replace(/\D/g, "").slice(-2);
  const goals = digits === "" ? null : Number(digits);
  return withGoals(draft ?? NO_DRAFT, { [side]: goals });
}
