// Which matches wait for a result, and which questions.

import type { Shapes } from "../../node/client";
import { standing } from "../../node/record";
import type { QuestionBody } from "../../node/questions";
import { seconds } from "../../words/time";

/** A match is rarely over sooner after its kick-off. */
const PLAYED_S = 105 * 60;

/** Whether a match has begun and has no result yet: `over` if it should have ended by now. */
export function lacksResult(match: Shapes["MatchBody"], now_s: number): "over" | "playing" | undefined {
  if (standing(match) !== undefined || match.postponed) return undefined;
  if (match.kickoff != null) {
    const begun_s = now_s - seconds(match.kickoff);
    return begun_s < 0 ? undefined : begun_s < PLAYED_S ? "playing" : "over";
  }
  return match.day != null && seconds(match.day.ends) <= now_s ? "over" : undefined;
}

/** Whether a question has closed and nobody has said what is right. */
export const lacksAnswer = ({ status, record }: QuestionBody): boolean => status === "closed" && record == null;

/** The questions whose answer is due: most can be answered only once every match has its result. */
export const dueAnswers = (
  questions: readonly QuestionBody[],
  matches: readonly Shapes["MatchBody"][],
): QuestionBody[] => (matches.every(({ record }) => record != null) ? questions.filter(lacksAnswer) : []);
