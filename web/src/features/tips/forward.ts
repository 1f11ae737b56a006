// Matches that have been brought forward since this device saw them: they leave less time to tip.

import { useEffect, useMemo } from "react";

import type { Shapes } from "../../node/client";
import { kept } from "../../shell/kept";
import { seconds } from "../../words/time";

type Match = Pick<Shapes["MatchBody"], "code" | "kickoff">;

const storeOf = (pool: string) => kept(`bolao.kickoffs.${pool}`);

const isKickOff = (it: unknown): it is [code: string, at_s: number] =>
  Array.isArray(it) && typeof it[0] === "string" && Number.isSafeInteger(it[1]);

/** The latest kick-off of each match that was seen here, in unix seconds. */
function latestOf(pool: string): Map<string, number> {
  try {
    const read: unknown = JSON.parse(storeOf(pool).read() ?? "[]");
    return new Map(Array.isArray(read) ? read.filter(isKickOff) : []);
  } catch {
    return new Map();
  }
}

const kickOffsOf = (matches: readonly Match[]): [code: string, at_s: number][] =>
  matches.flatMap(({ code, kickoff }): [string, number][] => (kickoff == null ? [] : [[code, seconds(kickoff)]]));

/** When the matches that were brought forward were to begin, in unix seconds, by their codes. */
export function broughtForward(pool: string, matches: readonly Match[]): Map<string, number> {
  const latest = latestOf(pool);
  const was = kickOffsOf(matches).flatMap(([code, at_s]): [string, number][] => {
    const was_s = latest.get(code);
    return was_s !== undefined && was_s > at_s ? [[code, was_s]] : [];
  });
  return new Map(was);
}

/** Keeps the kick-offs that are later than those seen before. */
export function keepKickOffs(pool: string, matches: readonly Match[]): void {
  const latest = latestOf(pool);
  const later = kickOffsOf(matches).filter(([code, at_s]) => at_s > (latest.get(code) ?? -Infinity));
  if (later.length === 0) return;
  const known = new Set(matches.map(({ code }) => code));
  const all = [...latest, ...later].filter(([code]) => known.has(code));
  storeOf(pool).write(JSON.stringify([...new Map(all)]));
}

export function useBroughtForward(pool: string, matches: readonly Match[] | undefined): Map<string, number> {
  useEffect(() => keepKickOffs(pool, matches ?? []), [pool, matches]);
  return useMemo(() => broughtForward(pool, matches ?? []), [pool, matches]);
}
