// Who advances, as far as the scores of a result say.

import { isHalf, scoreOf, type Goals } from "../../../design/ScoreFields";
import type { Side } from "../../../identity/drafts/draft";
import { isLevel as isLevelRound } from "../../../words/rounds";
import { hasScores, type Match, type ResultDraft } from "../outcome";

type Scores = Pick<ResultDraft, "after_90" | "after_120" | "shootout">;

function ahead(goals: Goals): Side | null {
  const score = scoreOf(goals);
  if (score === undefined || score.home === score.away) return null;
  return score.home > score.away ? "home" : "away";
}

const isLevel = ({ home, away }: Goals): boolean => home !== null && home === away;

/** Who advances where that is certain: what ends within 90 minutes may be the second leg of a tie that was lost. */
export const advancing = ({ after_90, after_120, shootout }: Scores): Side | null =>
  ahead(shootout) ?? (isLevel(after_90) ? ahead(after_120) : null);

/** The same, or else the winner of the match. */
const likely = (draft: Scores): Side | null =>
  advancing(draft) ?? ahead(scoreOf(draft.after_120) === undefined ? draft.after_90 : draft.after_120);

/** Whether a result has all its scores, and they do not tell who advances. */
export const isUntold = (draft: ResultDraft): boolean =>
  hasScores(draft.status) &&
  scoreOf(draft.after_90) !== undefined &&
  ![draft.after_120, draft.shootout].some(isHalf) &&
  advancing(draft) === null;

const scoresOf = ({ after_90, after_120, shootout }: ResultDraft): string =>
  JSON.stringify([after_90, after_120, shootout]);

const pairOf = ({ home, away }: Match): string => JSON.stringify([home.name, away.name].sort());

/** Whether a match may be one of two legs: the same two teams meet in another that is of no group and no league. */
export const isLeg = (match: Match, matches: readonly Match[]): boolean =>
  matches.some((it) => it.no !== match.no && !isLevelRound(it.stage) && pairOf(it) === pairOf(match));

/** A draft with who is likely to advance, where its scores are others than before; of a leg only who is certain to. */
export const withAdvancing = (before: ResultDraft, next: ResultDraft, leg: boolean): ResultDraft =>
  scoresOf(before) === scoresOf(next) ? next : { ...next, advances: leg ? advancing(next) : likely(next) };
