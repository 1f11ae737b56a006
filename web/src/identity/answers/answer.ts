// Answers to questions, as drafts hold them: one on each slot, in the two numbers of a score.

import { plural, t } from "@lingui/core/macro";

import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import type { NodeQuestion, Asks, OutcomeBody } from "../../node/questions";
import type { Prediction } from "../../rules";

type Score = Shapes["ScoreBody"];

export const scoreOf = (answer: number): Score => ({ home: Math.floor(answer / 100), away: answer % 100 });

/** The prediction of an answer. */
export const predictionOfAnswer = (asks: Asks, answer: number): Prediction =>
  asks.kind === "choice" ? { option: answer } : { number: answer };

/** The answer that a bet or a draft holds; `undefined` while it holds none. */
export const answerOf = ({ home, away }: Record<"home" | "away", number | null>): number | undefined =>
  home === null || away === null ? undefined : 100 * home + away;

/** Its slots, each with the number that is bet on. */
export const slotsOf = ({ no, slots }: Pick<NodeQuestion, "no" | "slots">): number[] =>
  Array.from({ length: slots }, (_, slot) => no + slot);

/** All that an answer rests on, as `whichOf` a match: an answer names a place in the list. */
export const whichSlot = ({ code, text, asks }: Pick<NodeQuestion, "code" | "text" | "asks">, no: number): string =>
  JSON.stringify([no, code, text, asks.kind === "choice" ? asks.options : [asks.least, asks.most]]);

/** An answer as people say it; of a list that has none there, as a number. */
export function answerName(asks: Asks, answer: number): string {
  const option = asks.kind === "choice" ? asks.options[answer] : undefined;
  return option === undefined ? String(answer) : teamName({ name: option });
}

/** Several, in their order. */
export const answerNames = (asks: Asks, answers: readonly number[]): string =>
  answers.map((answer) => answerName(asks, answer)).join(", ");

/** The answers that a record names; none where it has none. */
export const rightOf = (outcome: OutcomeBody | undefined): readonly number[] =>
  outcome?.status === "answered" ? (outcome.right ?? []) : [];

/** Whether the order of the slots counts. */
export const isOrdered = ({ asks }: Pick<NodeQuestion, "asks">): boolean =>
  asks.kind === "choice" && asks.misplaced != null;

/** How many answers are asked for, and what a right one gives, in a line. */
export function pointsSay({ points, slots, asks }: Pick<NodeQuestion, "points" | "slots" | "asks">): string {
  if (asks.kind === "number") {
    const near = asks.near.map((points, at) => `±${at + 1}: ${points}`);
    return [
      plural(points, { one: "# point for the exact number", other: "# points for the exact number" }),
      ...near,
    ].join(" · ");
  }
  const { misplaced, perfect } = asks;
  if (slots === 1)
    return plural(points, { one: "# point for the right answer", other: "# points for the right answer" });
  return [
    plural(slots, { one: "# answer", other: "# answers" }),
    misplaced == null
      ? plural(points, { one: "# point for each right answer", other: "# points for each right answer" })
      : plural(points, { one: "# point for each in the right place", other: "# points for each in the right place" }),
    ...(misplaced != null && misplaced > 0 ? [t`${misplaced} in another place`] : []),
    ...(perfect > 0 ? [t`all right: ${perfect} more`] : []),
  ].join(" · ");
}
