// What became of a match, as an organiser writes it, and which matches wait for that.

import { isHalf, NO_GOALS, scoreOf, type Goals } from "../../design/ScoreFields";
import type { Shapes } from "../../node/client";
import { recorded, type Status } from "../../identity/assent/acts";
import {
  actOf,
  tabOf,
  ofItem,
  ofVotes,
  subjectOf,
  type AdminAction,
  type Answered,
  type Item,
} from "../../identity/assent/kinds";
import type { ReportedAdminAction } from "../../identity/assent/onChain";
import type { Outcome } from "../../rules";
import { baseOf } from "../../sentences/base";
import { isLevel } from "../../words/rounds";

export type Match = Shapes["MatchBody"];
export type Waiting = Shapes["WaitingBody"];

/** Gives a match or a question a record. */
export const resultOf = (of: Item, outcome: Outcome | Answered): ReportedAdminAction => ({
  act: { type: "result", match_no: of.no, outcome },
  seen: [subjectOf(of)],
});

export type WaitingResult = Extract<Waiting, { type: "result" }>;
export type WaitingPlan = Exclude<Waiting, { type: "result" }>;

export const isResult = (vote: Waiting): vote is WaitingResult => vote.type === "result";
/** Whether it waits among the matches. */
export const isPlan = (vote: Waiting): vote is WaitingPlan => tabOf(vote) === "fixtures";

/** What others have signed, of what there is; `undefined` where this page does not know it. */
export const alike = (
  vote: Waiting,
  of: Item | undefined,
  act: AdminAction | undefined = actOf(vote),
): ReportedAdminAction | undefined =>
  act && { act, seen: [...(of === undefined ? [] : [subjectOf(of)]), ...ofVotes([vote])] };

/** The result that stands, to be signed by one more; `undefined` where this page does not know its kind. */
export function sameResult(match: Match): ReportedAdminAction | undefined {
  const outcome = match.record?.outcome;
  const act = outcome && actOf({ type: "result", outcome, match });
  return act && { act, seen: ofItem(match) };
}

/** A result while it is written. */
export interface ResultDraft {
  status: Status;
  half_time: Goals;
  after_90: Goals;
  after_120: Goals;
  shootout: Goals;
  advances: "home" | "away" | null;
  reason: string;
}

export const NO_RESULT: ResultDraft = {
  status: "played",
  half_time: NO_GOALS,
  after_90: NO_GOALS,
  after_120: NO_GOALS,
  shootout: NO_GOALS,
  advances: null,
  reason: "",
};

export const hasScores = (status: Status): boolean => status === "played" || status === "awarded";

/** The record that a draft says; `undefined` while something is missing. Whether it can be true is for the rules to say. */
export function outcomeOf(draft: ResultDraft): Outcome | undefined {
  const reason = draft.reason.trim();
  const why = reason === "" ? {} : { reason };
  if (!hasScores(draft.status)) return { status: draft.status, ...why };
  const { half_time, after_90, after_120, shootout } = draft;
  const score = scoreOf(after_90);
  if (score === undefined || [half_time, after_120, shootout].some(isHalf)) return undefined;
  const also = Object.entries({ half_time, after_120, shootout }).flatMap(([name, goals]) => {
    const known = scoreOf(goals);
    return known === undefined ? [] : [[name, known] as const];
  });
  const advances = draft.advances === null ? {} : { advances: draft.advances };
  return { status: draft.status, after_90: score, ...Object.fromEntries(also), ...advances, ...why };
}

/** A record as a draft, to be corrected; an empty one where this page does not know the record's kind. */
export function draftOf(body: Shapes["OutcomeBody"]): ResultDraft {
  const outcome = recorded(body);
  if (outcome === undefined) return NO_RESULT;
  return {
    status: outcome.status,
    half_time: outcome.half_time ?? NO_GOALS,
    after_90: outcome.after_90 ?? NO_GOALS,
    after_120: outcome.after_120 ?? NO_GOALS,
    shootout: outcome.shootout ?? NO_GOALS,
    advances: outcome.advances ?? null,
    reason: "",
  };
}

/** Whether nothing stands in a draft that is worth a signature. */
export const isEmpty = (draft: ResultDraft): boolean =>
  draft.status === "played" && draft.after_90.home === null && draft.after_90.away === null;

/** Whether a draft says more than who scored how often in 90 minutes. */
export const saysMore = (draft: ResultDraft): boolean =>
  draft.status !== "played" || JSON.stringify({ ...draft, after_90: NO_GOALS }) !== JSON.stringify(NO_RESULT);

/** Whether a draft gives a score to a match that can hardly be over: that is asked before it is signed. */
export const isEarly = (how: "over" | "playing", { status }: ResultDraft): boolean =>
  how === "playing" && status === "played";

/** Whether a match may go on after 90 minutes. */
export const goesOn = (match: Match): boolean => baseOf(match).goesOn || !isLevel(match.stage);

/** The score of an outcome as people say it; `undefined` where it has none. */
export const scoreText = ({ after_90: score }: Shapes["OutcomeBody"]): string | undefined =>
  score == null ? undefined : `${score.home}:${score.away}`;

/** Whether an account is among those who signed. */
export const signedBy = (signers: readonly Shapes["PlayerRef"][], account: string): boolean =>
  signers.some((signer) => signer.account === account);
