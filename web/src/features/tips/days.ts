import type { Shapes } from "../../node/client";
import { dayKey, seconds } from "../../words/time";

type Match = Shapes["MatchBody"];

export interface Day {
  key: string;
  /** A moment of that day; `null` for matches of which no day is known. */
  at_s: number | null;
  matches: Match[];
}

/** When a match is, as far as that is known. */
export function timeOf({ kickoff, day }: Match): number | null {
  const begins = kickoff ?? day?.begins;
  return begins == null ? null : seconds(begins);
}

/** Matches by days of the reader's zone, in order; those without a day come last. */
export function byDays(matches: Match[]): Day[] {
  const days = new Map<string, Day>();
  const timed = matches.map((match) => ({ match, at_s: timeOf(match) }));
  timed.sort((one, other) => (one.at_s ?? Infinity) - (other.at_s ?? Infinity) || one.match.no - other.match.no);
  for (const { match, at_s } of timed) {
    const key = at_s === null ? "" : dayKey(at_s);
    const day = days.get(key) ?? { key, at_s, matches: [] };
    day.matches.push(match);
    days.set(key, day);
  }
  return [...days.values()];
}
