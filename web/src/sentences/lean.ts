import type { Shapes } from "../node/client";

export interface Lean {
  home: number;
  draw: number;
  away: number;
  /** Tips that nobody can read yet. */
  sealed: number;
  /** Tips that nobody opened in time. */
  missed: number;
}

/** How the group leans: who it tipped to win. */
export function lean(bets: readonly Pick<Shapes["BetBody"], "score" | "missed">[]): Lean {
  const all = { home: 0, draw: 0, away: 0, sealed: 0, missed: 0 };
  for (const { score, missed } of bets) {
    if (score == null) all[missed === true ? "missed" : "sealed"] += 1;
    else if (score.home > score.away) all.home += 1;
    else if (score.home < score.away) all.away += 1;
    else all.draw += 1;
  }
  return all;
}

/** Home, draw, away, and then what nobody can read. */
const sideOf = ({ score }: Pick<Shapes["BetBody"], "score">): number =>
  score == null ? 3 : 1 + Math.sign(score.away - score.home);

/** The best first; those that gave the same, or nothing yet, by who is to win, then by name. */
export function inOrder<Bet extends Pick<Shapes["BetBody"], "points" | "score" | "player">>(
  bets: readonly Bet[],
): Bet[] {
  const name = (bet: Bet): string => bet.player.name ?? bet.player.account;
  return [...bets].sort(
    (a, b) => (b.points ?? -1) - (a.points ?? -1) || sideOf(a) - sideOf(b) || name(a).localeCompare(name(b)),
  );
}

type Score = Shapes["ScoreBody"];

/** How near a tip is to a score, as far as everybody sees it: the points are the rules' affair. */
export function nearnessOf(tip: Score, score: Score): "exact" | "winner" | "none" {
  if (tip.home === score.home && tip.away === score.away) return "exact";
  return Math.sign(tip.home - tip.away) === Math.sign(score.home - score.away) ? "winner" : "none";
}
