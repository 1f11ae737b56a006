import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";

type Round = Shapes["RoundBody"];
type Match = Shapes["MatchBody"];

/** Matches of a round that nothing became of yet. */
export function toPlay(round: Round, matches: ReadonlyMap<number, Match>): number {
  return round.matches.filter(({ no }) => {
    const match = matches.get(no);
    const record = match && standing(match);
    return record === undefined || record.outcome.status === "postponed";
  }).length;
}

/** Whether all of its matches are counted. */
export const isOver = (round: Round, matches: ReadonlyMap<number, Match>): boolean =>
  round.scored > 0 && toPlay(round, matches) === 0;
