// A match between its kick-off and the earliest end that it can have, as far as nobody has said how it stands.

import type { Shapes } from "../node/client";
import { usePassed } from "../node/clock";
import type { Live } from "../node/live";
import { standing } from "../node/record";
import { seconds } from "../words/time";

type Match = Shapes["MatchBody"];

/** So long after its kick-off a match can be over. */
const PLAYED_S = 105 * 60;
/** So long after the kick-off nobody has scored: until there is a word of it, that is. */
const FRESH_S = 90;

/** `closed`: it takes no more tips, and has not begun. `fresh`: it has just begun. `over`: it may have ended. */
export type Stage = "none" | "closed" | "fresh" | "on" | "over";

export function stageOf(match: Match, now_s: number): Stage {
  const { kickoff, deadline, postponed, status } = match;
  if (standing(match) !== undefined || postponed || kickoff == null) return "none";
  const began_s = seconds(kickoff);
  if (now_s >= began_s + PLAYED_S) return "over";
  if (now_s >= began_s) return now_s < began_s + FRESH_S ? "fresh" : "on";
  return status !== "scheduled" || (deadline != null && seconds(deadline) <= now_s) ? "closed" : "none";
}

/** How far a match is, followed. */
export function useStage(match: Match): Stage {
  const { kickoff, deadline } = match;
  const turns = kickoff == null ? [] : [0, FRESH_S, PLAYED_S].map((after_s) => seconds(kickoff) + after_s);
  return stageOf(match, usePassed(deadline == null ? turns : [seconds(deadline), ...turns]));
}

interface Goals {
  /** `null` where nobody has said. */
  home: number | null;
  away: number | null;
}

/** The score as far as it is known: none has fallen in a match that has just begun. `undefined` before its kick-off and at its end. */
export function useScoreNow(match: Match, live: Live | undefined): Goals | undefined {
  const stage = useStage(match);
  if (live !== undefined || stage === "none" || stage === "closed") return live;
  const goals = stage === "fresh" ? 0 : null;
  return { home: goals, away: goals };
}
