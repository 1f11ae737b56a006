// What a draft is: what is written for a tip, or for an answer to a question, which `answers/answer.ts` puts into the two numbers of a
// score. Others write, keep, compare, read and send drafts by what is here.

import type { Shapes } from "../../node/client";
import type { Prediction } from "../../rules";
import { scoreOf } from "../answers/answer";

export interface Draft {
  /** `null` while only the other team's goals are written. */
  home: number | null;
  away: number | null;
  stake: number;
}

/** A draft with the goals of both teams. */
export type Whole = Draft & { home: number; away: number };

/** What is predicted, whatever is staked. */
export type Held = Omit<Draft, "stake">;
export type Predicted = Omit<Whole, "stake">;

/** Nothing is written. */
export const NO_DRAFT: Draft = { home: null, away: null, stake: 0 };

export const isWhole = (draft: Draft): draft is Whole => draft.home !== null && draft.away !== null;

export const isEmpty = ({ home, away }: Draft): boolean => home === null && away === null;

const isGoals = (goals: unknown): goals is number | null =>
  goals === null || (Number.isInteger(goals) && Number(goals) >= 0 && Number(goals) <= 99);

/** Whether something that was kept is one. */
export const isDraft = (it: unknown): it is Draft => {
  const { home, away, stake } = (it ?? {}) as Partial<Draft>;
  return isGoals(home) && isGoals(away) && Number.isSafeInteger(stake) && Number(stake) >= 0;
};

/** The same with other goals. */
export const withGoals = (draft: Draft, goals: Partial<Record<"home" | "away", number | null>>): Draft => ({
  ...draft,
  ...goals,
});

/** Whether both are there and predict the same. */
export const samePrediction = (one: Held | null | undefined, other: Held | null | undefined): boolean =>
  one != null && one.home === other?.home && one.away === other.away;

/** Whether both are there, predict the same, and stake the same. */
export const sameDraft = (one: Draft | undefined, other: Draft | undefined): boolean =>
  samePrediction(one, other) && one?.stake === other?.stake;

/** What is signed of a draft on a match. */
export const predictionOf = ({ home, away }: Whole): Prediction => ({ score: { home, away } });

/** A prediction as drafts hold it. */
export const predictedIn = (prediction: Prediction): Predicted => {
  if ("score" in prediction) return prediction.score;
  return scoreOf("option" in prediction ? prediction.option : prediction.number);
};

/** What a bet predicts; `null` while that is sealed. */
export const predictedBy = ({ score = null }: Pick<Shapes["BetBody"], "score">): Predicted | null => score;

/** The draft that says what a tip says; none where that cannot be read. */
export const draftOf = (tip: { score: Predicted | null; stake: number } | undefined): Draft | undefined =>
  tip?.score == null ? undefined : { ...tip.score, stake: tip.stake };

/** How it reads, with what stands between the goals. */
export const saysOf = ({ home, away }: Held, colon = " : "): string => `${home ?? "–"}${colon}${away ?? "–"}`;
