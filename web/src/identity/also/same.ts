// Which tips go to another pool as well: those on the same match, while it takes tips there and has no tip of the same score.

import type { Shapes } from "../../node/client";
import { seconds } from "../../words/time";
import { ofMatch } from "../tippable";
import { isOpen } from "../sending/sendTips";

type Match = Shapes["MatchBody"];

export interface Score {
  home: number;
  away: number;
}

/** A score that is sent here, and what says on which match. */
export interface Wanted extends Score {
  /** `matchOf` it; `undefined` where no other pool has the same, such as a question. */
  match: string | undefined;
}

/** What makes it the same match in two pools: the kick-off and the teams, as the list of each says them. */
export const matchOf = ({ kickoff, home, away }: Pick<Match, "kickoff" | "home" | "away">): string | undefined =>
  kickoff == null ? undefined : JSON.stringify([seconds(kickoff), home.name, away.name]);

export interface Plan {
  /** What goes there. */
  send: { match: Match; score: Score }[];
  /** How many say there what they say here. */
  same: number;
  /** How many are on matches that it does not have, or that have closed there. */
  absent: number;
}

/** `tips`: what one has tipped there, by the numbers of its matches, as far as it is known. */
export function planOf(
  wanted: readonly Wanted[],
  matches: readonly Match[],
  tips: ReadonlyMap<number, Score>,
  now_s: number,
): Plan {
  const there = new Map<string, Match>();
  for (const match of matches) {
    const which = matchOf(match);
    if (which !== undefined && isOpen(ofMatch(match), now_s) && !match.postponed) there.set(which, match);
  }
  const plan: Plan = { send: [], same: 0, absent: 0 };
  for (const { match: which, home, away } of wanted) {
    const match = which === undefined ? undefined : there.get(which);
    const tip = match && tips.get(match.no);
    // Each once.
    if (which !== undefined) there.delete(which);
    if (match === undefined) plan.absent += 1;
    else if (tip?.home === home && tip.away === away) plan.same += 1;
    else plan.send.push({ match, score: { home, away } });
  }
  return plan;
}
