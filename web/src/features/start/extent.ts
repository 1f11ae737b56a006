import type { Preview, Shown } from "./first";

/** How many rounds matches have, and on which days the first and the last of them are. */
export function extent(matches: readonly Shown[]): { rounds: number; first?: string; last?: string } {
  const days = matches.flatMap(({ date, kickoff }) => date ?? kickoff?.slice(0, 10) ?? []).sort();
  const [first, last] = [days[0], days.at(-1)];
  const rounds = new Set(matches.map(({ round }) => round)).size;
  return first === undefined || last === undefined ? { rounds } : { rounds, first, last };
}

/** Whether nobody can tip any of the matches, since all of them have begun. */
export function allBegun({ matches, odd }: Pick<Preview, "matches" | "odd">): boolean {
  const begun = odd.reduce((sum, it) => sum + (it.odd === "past" || it.odd === "day_begun" ? it.matches : 0), 0);
  return matches.length > 0 && begun >= matches.length;
}
