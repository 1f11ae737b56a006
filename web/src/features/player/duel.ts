// Two players' tips beside each other: who was ahead after each match, and where they differed.

import { predictedBy, samePrediction, type Predicted } from "../../identity/drafts/draft";
import type { Shapes } from "../../node/client";
import { byKickoff } from "../../node/kickoffs";

type Bet = Shapes["BetBody"];
type Match = Shapes["MatchBody"];

/** A match and what both tipped on it, as far as everybody may know. */
export interface Meeting {
  match: Match;
  mine: Bet | undefined;
  theirs: Bet | undefined;
}

/** Every match that has begun, in order of kick-offs. */
export function meetings(matches: readonly Match[], mine: readonly Bet[], theirs: readonly Bet[]): Meeting[] {
  const [own, other] = [mine, theirs].map((bets) => new Map(bets.map((bet) => [bet.match.no, bet])));
  return matches
    .filter(({ status }) => status !== "scheduled")
    .sort(byKickoff)
    .map((match) => ({ match, mine: own?.get(match.no), theirs: other?.get(match.no) }));
}

const pointsOf = (bet: Bet | undefined): number => bet?.points ?? 0;

/** By how much I was ahead after each match with a score; below zero where the other one was. */
export function leads(met: readonly Meeting[]): { match: Match; by: number }[] {
  let by = 0;
  return met
    .filter(({ match }) => match.record?.score != null)
    .map(({ match, mine, theirs }) => {
      by += pointsOf(mine) - pointsOf(theirs);
      return { match, by };
    });
}

const saidBy = (bet: Bet | undefined): Predicted | null => (bet === undefined ? null : predictedBy(bet));

function isSame({ mine, theirs }: Meeting): boolean {
  const [one, other] = [saidBy(mine), saidBy(theirs)];
  return one === null ? other === null : samePrediction(one, other);
}

/** Where the two said something else, the last match first. What nobody has read is no difference. */
export const differed = (met: readonly Meeting[]): Meeting[] => met.filter((it) => !isSame(it)).reverse();

/** Tips that had the right winner, or the draw: the exact ones too. */
export const rightWinners = ({ exact, differences, tendencies }: Shapes["TallyBody"]): number =>
  exact + differences + tendencies;

/** Points for each tip that was compared with a score; nothing before the first one. */
export const pointsATip = ({ points, tips }: Shapes["TallyBody"]): number | undefined =>
  tips === 0 ? undefined : points / tips;
