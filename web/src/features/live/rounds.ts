// Rounds that are over, by the records of their matches.

import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";
import { seconds } from "../../words/time";

type Match = Shapes["MatchBody"];

interface Round {
  stage: string;
  /** Since when it is over. */
  at_s: number;
}

/** The rounds of which every match is over, and since when; `since`: of a match, `undefined` where it is not over. */
function over(matches: readonly Match[], since: (match: Match) => string | null | undefined): Round[] {
  const rounds = new Map<string, number>();
  for (const match of matches) {
    const at = since(match);
    const at_s = at == null ? Infinity : seconds(at);
    rounds.set(match.stage, Math.max(rounds.get(match.stage) ?? 0, at_s));
  }
  return [...rounds].flatMap(([stage, at_s]) => (at_s < Infinity ? [{ stage, at_s }] : []));
}

/** The rounds of which every match has a result or is cancelled, and since when. A round of one match is not told. */
export function roundsOver(matches: readonly Match[]): Round[] {
  const results = over(matches, (match) => {
    const record = standing(match);
    return record?.outcome.status === "postponed" ? undefined : record?.since;
  });
  return results.filter(({ stage }) => matches.filter((match) => match.stage === stage).length > 1);
}

/** The round that became final last. */
export function lastFinal(matches: readonly Match[]): string | undefined {
  const final = over(matches, (match) => {
    const record = standing(match);
    return record?.provisional === false ? record.final_at : undefined;
  });
  return final.sort((a, b) => a.at_s - b.at_s).at(-1)?.stage;
}

/** So many of the rounds that are over are told with who won them. */
const TOLD = 2;

/** The rounds of which Live has the table. */
export function roundsTold(matches: readonly Match[]): string[] {
  const over = roundsOver(matches).sort((a, b) => b.at_s - a.at_s);
  const told = new Set(over.slice(0, TOLD).map(({ stage }) => stage));
  const final = lastFinal(matches);
  if (final !== undefined) told.add(final);
  return [...told];
}
