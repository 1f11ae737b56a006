// What is shown on the stage.

import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";
import { seconds } from "../../words/time";

type Match = Shapes["MatchBody"];

/** So long after its kick-off a match without a result is taken for one that is played. */
const PLAYED_S = 3 * 3600;

/** Matches that are played now; where there is none, the next one. */
export function onStage(matches: readonly Match[], now_s: number): Match[] {
  const at = ({ kickoff }: Match): number => (kickoff == null ? Infinity : seconds(kickoff));
  const played = matches.filter(
    (match) =>
      match.status !== "scheduled" && !match.postponed && standing(match) === undefined && now_s - at(match) < PLAYED_S,
  );
  if (played.length > 0) return played;
  const next = matches.filter((match) => match.status === "scheduled" && at(match) > now_s && at(match) < Infinity);
  return next.sort((a, b) => at(a) - at(b)).slice(0, 1);
}
