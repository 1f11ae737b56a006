// What tips say, and how near they came.

import type { Shapes } from "./client";
import type { Gains } from "./live";

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

/**
 * The same of a score that is no result, by what the table as it stands gives that account; while that is not known, and where it gives
 * for several matches at once, by who is to win.
 */
export function nearNow(tip: Goals, score: Goals, account?: string, gains?: Gains): Near {
  if (tip.home === score.home && tip.away === score.away) return "exact";
  const gain = gains?.of.get(account ?? "");
  const right = sideOf(tip) === sideOf(score);
  const wins = gain === undefined ? right : gain > 0 && (gains?.one === true || right);
  return wins ? "points" : "none";
}
