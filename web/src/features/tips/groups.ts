// In which order the matches stand on this page: what closes next, the days that are near, the rounds that are far, what has begun.

import { standing } from "../../node/record";
import type { Shapes } from "../../node/client";
import { dayKey, daysBetween, seconds } from "../../words/time";

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
export function byDays(matches: readonly Match[]): Day[] {
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

/** What is left of a round beyond the days that are near. */
export interface Rest {
  stage: string;
  /** Whether some of its matches stand elsewhere. */
  begun: boolean;
  days: Day[];
}

/** So many matches are near at least, and so few more are not folded away. */
const NEAR = 8;
const FEW = 4;

/** How many of the days that are far only end a round that has begun, with few matches. */
function endOf(days: readonly Day[], all: readonly Match[]): number {
  const far = days.flatMap(({ matches }) => matches);
  const [stage] = far.map((match) => match.stage);
  const left = far.filter((match) => match.stage === stage);
  if (left.length > FEW || left.length === all.filter((match) => match.stage === stage).length) return 0;
  const end = days.findIndex(({ matches }) => matches.some((match) => !left.includes(match)));
  return Math.max(end, 0);
}

/** The matches that take tips: day by day as far as they are near, then by rounds. `all`: the pool's. */
export function laidOut(open: Match[], all: readonly Match[], now_s: number): { near: Day[]; rounds: Rest[] } {
  const days = byDays(open);
  let count = 0;
  const first = days.findIndex(({ at_s, matches }) => {
    if (at_s === null || (count >= NEAR && daysBetween(now_s, at_s) > 1)) return true;
    count += matches.length;
    return false;
  });
  if (first === -1 || open.length - count <= FEW) return { near: days, rounds: [] };
  const from = first + endOf(days.slice(first), all);
  const far = days.slice(from).flatMap(({ matches }) => matches);
  const stages = [...new Set(far.map(({ stage }) => stage))];
  const rounds = stages.map((stage) => {
    const matches = far.filter((match) => match.stage === stage);
    return { stage, begun: all.some((match) => match.stage === stage && !far.includes(match)), days: byDays(matches) };
  });
  return { near: days.slice(0, from), rounds };
}

/** What closes within so many seconds stands out. */
export const SOON_S = 3 * 3600;

/**
 * Only what closes within so many seconds is large. That reaches from the end of one weekend's matches into the next midweek; to fill in
 * what is further away there is time, and rows show more of it at once.
 */
const LARGE_S = 3 * 86_400;

/** So many may close together and be large. */
const MOST_LARGE = 2;

/** Of matches without a tip: those that close together next, where that is soon, else the next one, unless that is far away. */
export function largeOf(untipped: readonly Match[], now_s: number): Match[] {
  const closes = ({ deadline }: Match): number => (deadline == null ? Infinity : seconds(deadline));
  const at_s = Math.min(...untipped.map(closes));
  if (at_s - now_s > LARGE_S) return [];
  const first = untipped.filter((match) => closes(match) === at_s);
  return first.slice(0, at_s - now_s > SOON_S ? 1 : MOST_LARGE);
}

/** `shut`: it takes no more tips, and has not begun. */
export type Past = "shut" | "live" | "waiting" | "done";

/** A match without a live score is taken for one that is played for so long after its kick-off. */
export const PLAYED_S = 105 * 60;

/** How far a match is that takes no more tips. */
export function pastOf(match: Match, live: boolean, now_s: number): Past {
  if (standing(match) !== undefined) return "done";
  if (live) return "live";
  const began_s = match.kickoff == null ? Infinity : seconds(match.kickoff);
  if (began_s > now_s) return "shut";
  return now_s - began_s < PLAYED_S ? "live" : "waiting";
}

/** Finished matches of so long ago are folded away. */
export const RECENT_S = 36 * 3600;

/** So many results stand above what comes; there are days with a dozen. */
const MOST_NEWS = 4;

/** The codes of those that have just finished, the last ones. */
export function newsOf(matches: readonly Match[], fresh: ReadonlySet<string>, now_s: number): Set<string> {
  const late = matches.filter((match) => fresh.has(match.code) && (timeOf(match) ?? 0) > now_s - RECENT_S);
  late.sort((one, other) => (timeOf(other) ?? 0) - (timeOf(one) ?? 0) || other.no - one.no);
  return new Set(late.slice(0, MOST_NEWS).map(({ code }) => code));
}
