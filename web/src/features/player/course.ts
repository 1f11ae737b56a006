// How a player's points and chips went, as lines to draw.

import type { Shapes } from "../../node/client";
import { roundName } from "../../words/rounds";

interface Point {
  /** What stands below it: a round, or a time. */
  label: string;
  value: number;
}

/** Points after every round that has a score, the first round first. */
export function pointsByRound(
  rounds: readonly Pick<Shapes["RoundBody"], "stage" | "matches" | "scored">[],
  bets: readonly Pick<Shapes["BetBody"], "match" | "points">[],
): Point[] {
  const given = new Map(bets.map((bet) => [bet.match.no, bet.points ?? 0]));
  let sum = 0;
  return rounds
    .filter((round) => round.scored > 0)
    .map(({ stage, matches }) => {
      for (const { no } of matches) sum += given.get(no) ?? 0;
      return { label: roundName(stage), value: sum };
    });
}

interface Balance {
  at_s: number;
  chips: number;
}

/** Chips at hand after each moment at which they changed; `history` has the last change first. */
export function chipsOverTime(history: readonly Pick<Shapes["HistoryBody"], "time" | "balance">[]): Balance[] {
  const balances: Balance[] = [];
  for (const { time, balance } of [...history].reverse()) {
    const at_s = Date.parse(time) / 1000;
    if (balances.at(-1)?.at_s === at_s) balances.pop();
    balances.push({ at_s, chips: balance });
  }
  return balances;
}
