import type { Shown } from "./first";

/** How many rounds matches have, and on which days the first and the last of them are. */
export function extent(matches: readonly Shown[]): { rounds: number; first?: string; last?: string } {
  const days = matches.flatMap(({ date, kickoff }) => date ?? kickoff?.slice(0, 10) ?? []).sort();
  const [first, last] = [days[0], days.at(-1)];
  const rounds = new Set(matches.map(({ round }) => round)).size;
  return first === undefined || last === undefined ? { rounds } : { rounds, first, last };
}
