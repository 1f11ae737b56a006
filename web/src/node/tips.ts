// What tips say, and how near they came.

import type { Shapes } from "./client";

type Bet = Shapes["BetBody"];
type Goals = Pick<Shapes["ScoreBody"], "home" | "away">;

export type Side = "home" | "draw" | "away";
export const SIDES: readonly Side[] = ["home", "draw", "away"];

/** Who wins by a score. */
export function sideOf({ home, away }: Goals): Side {
  if (home === away) return "draw";
  return home > away ? "home" : "away";
}

interface Lean extends Record<Side, number> {
  /** Tips that nobody can read yet. */
  sealed: number;
}

/** How the group leans: who it tipped to win. Tips that nobody opened in time are left out. */
export function lean(bets: readonly Pick<Bet, "score" | "missed">[]): Lean {
  const all = { home: 0, draw: 0, away: 0, sealed: 0 };
  for (const { score, missed } of bets) {
    if (score != null) all[sideOf(score)] += 1;
    else if (missed !== true) all.sealed += 1;
  }
  return all;
}

/** The best first; those that gave the same, or nothing yet, by who is to win, then by name. */
export function inOrder<It extends Pick<Bet, "points" | "score" | "player">>(bets: readonly It[]): It[] {
  const name = ({ player }: It): string => player.name ?? player.account;
  const side = ({ score }: It): number => (score == null ? SIDES.length : SIDES.indexOf(sideOf(score)));
  return [...bets].sort(
    (a, b) => (b.points ?? -1) - (a.points ?? -1) || side(a) - side(b) || name(a).localeCompare(name(b)),
  );
}

/** How near a tip came, as far as a colour says it: gold, green, grey. */
export type Near = "exact" | "points" | "none";

/** Nothing until the match has a score that counts. */
export function near(bet: Pick<Bet, "tier" | "points"> | undefined): Near | undefined {
  if (bet?.points == null) return undefined;
  if (bet.tier === "exact") return "exact";
  return bet.points > 0 ? "points" : "none";
}

/** The same of a score that is no result, as far as everybody sees it: the points are the rules' affair. `gains`: whether it would win any. */
export function nearNow(tip: Goals, score: Goals, gains = true): Near {
  if (tip.home === score.home && tip.away === score.away) return "exact";
  return gains && sideOf(tip) === sideOf(score) ? "points" : "none";
}
