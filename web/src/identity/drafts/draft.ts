// What a draft is: what is written for a tip, or for an answer to a question, which `answers/answer.ts` puts into the two numbers of a
// score. Others write, keep, compare, read and send drafts by what is here.

import { teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import type { Prediction } from "../../rules";
import { scoreOf } from "../answers/answer";

export type Side = "home" | "away";

export interface Draft {
  /** `null` while only the other team's goals are written. */
  home: number | null;
  away: number | null;
  stake: number;
  /** The team that goes through, where one is named: after a draw, or by the other leg whatever the score. */
  through?: Side | undefined;
}

/** A draft with the goals of both teams. */
export type Whole = Draft & { home: number; away: number };

/** What is predicted, whatever is staked. */
export type Held = Omit<Draft, "stake">;
export type Predicted = Omit<Whole, "stake">;

/** Nothing is written. */
export const NO_DRAFT: Draft = { home: null, away: null, stake: 0 };

export const isWhole = (draft: Draft): draft is Whole => draft.home !== null && draft.away !== null;

const isDraw = ({ home, away }: Held): boolean => home !== null && home === away;

const isSide = (it: unknown): it is Side => it === "home" || it === "away";

/** Whether it is asked which team goes through: after a draw, and where one is named, which may then be taken back. */
export const asksThrough = (held: Held): boolean => isDraw(held) || held.through !== undefined;

/** The same with this team as the one that goes through, or without, where it was that one. */
export const withThrough = (draft: Draft, side: Side): Draft =>
  asksThrough(draft) ? { ...draft, through: draft.through === side ? undefined : side } : draft;

/** A score with the team that goes through, where one is named. */
const named = (score: Predicted, through: unknown): Predicted => (isSide(through) ? { ...score, through } : score);

export const isEmpty = ({ home, away }: Draft): boolean => home === null && away === null;

const isGoals = (goals: unknown): goals is number | null =>
  goals === null || (Number.isInteger(goals) && Number(goals) >= 0 && Number(goals) <= 99);

/** Whether something that was kept is one. */
export const isDraft = (it: unknown): it is Draft => {
  const { home, away, stake, through } = (it ?? {}) as Partial<Draft>;
  const isWhom = through === undefined || (isSide(through) && Number.isInteger(home) && Number.isInteger(away));
  return isGoals(home) && isGoals(away) && isWhom && Number.isSafeInteger(stake) && Number(stake) >= 0;
};

/** The same with other goals, which forget the team that goes through. */
export function withGoals(draft: Draft, goals: Partial<Record<Side, number | null>>): Draft {
  const next = { ...draft, ...goals };
  const isOther = next.home !== draft.home || next.away !== draft.away;
  return isOther && next.through !== undefined ? { ...next, through: undefined } : next;
}

/** Whether both are there and predict the same. */
export const samePrediction = (one: Held | null | undefined, other: Held | null | undefined): boolean =>
  one != null && one.home === other?.home && one.away === other.away && one.through === other.through;

/** Whether both are there, predict the same, and stake the same. */
export const sameDraft = (one: Draft | undefined, other: Draft | undefined): boolean =>
  samePrediction(one, other) && one?.stake === other?.stake;

/** What is signed of a draft on a match. */
export function predictionOf({ home, away, through }: Whole): Prediction {
  const score = { home, away };
  if (through === undefined) return { score };
  return through === "home" ? { through_home: score } : { through_away: score };
}

/** A prediction as drafts hold it. */
export const predictedIn = (prediction: Prediction): Predicted => {
  if ("score" in prediction) return prediction.score;
  if ("through_home" in prediction) return named(prediction.through_home, "home");
  if ("through_away" in prediction) return named(prediction.through_away, "away");
  return scoreOf("option" in prediction ? prediction.option : prediction.number);
};

/** What a bet predicts; `null` while that is sealed. */
export const predictedBy = ({ score, through }: Pick<Shapes["BetBody"], "score" | "through">): Predicted | null =>
  score == null ? null : named(score, through);

/** The draft that says what a tip says; none where that cannot be read. */
export const draftOf = (tip: { score: Predicted | null; stake: number } | undefined): Draft | undefined =>
  tip?.score == null ? undefined : { ...tip.score, stake: tip.stake };

/** How it reads, with what stands between the goals. `on`: the teams, of which it may name one. */
export function saysOf({ home, away, through }: Held, colon = " : ", on?: Record<Side, { name: string }>): string {
  const goals = `${home ?? "–"}${colon}${away ?? "–"}`;
  return through === undefined || on === undefined ? goals : `${goals} · ${teamName(on[through])}`;
}
