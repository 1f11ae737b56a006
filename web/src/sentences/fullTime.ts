// What a result changed for the player of this device: that is what full time is shown for.

import type { Shapes } from "../node/client";
import { standing } from "../node/record";
import { seconds } from "../words/time";
import type { Scene } from "./film";
import type { Lead } from "./lead";
import { leadBy } from "./moved";

type Match = Shapes["MatchBody"];
type Bet = Shapes["BetBody"];
type Line = Shapes["StandingBody"];

/** What is longer ago is not shown unasked. */
const FRESH_S = 24 * 3600;
/** As many of the last results are, at most. */
const MOST = 8;
/** Where as many share the first place, nobody is said to have won. */
export const MOST_WINNERS = 50;

/** Whether every tip that can be read was compared with the result. */
export const isCounted = (bets: readonly Bet[]): boolean =>
  bets.every(({ score, points }) => score == null || points != null);

/** The results since a device first looked, as far as they are of late, the oldest first. */
export function endsOf(matches: readonly Match[], since_s: number, now_s: number): Scene[] {
  const from_s = Math.max(since_s, now_s - FRESH_S);
  const ends = matches.flatMap((match): Scene[] => {
    const record = standing(match);
    if (record?.score == null || seconds(record.since) < from_s) return [];
    return [{ code: match.code, is: "fulltime", match, at_s: seconds(record.since) }];
  });
  return ends.sort((a, b) => a.at_s - b.at_s || a.match.no - b.match.no).slice(-MOST);
}

/** Whether a match was the last of its round to be counted. A round of one match is not won. */
export function closesRound(match: Match, matches: readonly Match[]): boolean {
  const round = matches.filter(({ stage }) => stage === match.stage);
  const over = (one: Match): number => {
    const record = standing(one);
    return record === undefined || record.outcome.status === "postponed" ? Infinity : seconds(record.since);
  };
  const at_s = over(match);
  if (round.length < 2 || at_s === Infinity) return false;
  return round.every((one) => one.no === match.no || over(one) < at_s || (over(one) === at_s && one.no < match.no));
}

/** Who won a round. */
export interface Won {
  stage: string;
  winners: Line[];
}

/** `lines`: the round's table, or as much of it as may have won. */
export function wonOf(stage: string, lines: readonly Line[]): Won | undefined {
  const winners = lines.filter(({ place, points }) => place === 1 && points > 0);
  return winners.length === 0 || winners.length >= MOST_WINNERS ? undefined : { stage, winners };
}

/** What a result brought. */
export interface News {
  /** Whether the player's own tip was exactly right. */
  exact: boolean;
  lead: Lead | undefined;
  won: Won | undefined;
}

/** What is known once a result is counted. */
export interface Counted {
  bets: readonly Bet[];
  /** The table; empty where it is too long to be read. */
  lines: readonly Line[];
  /** What decides between equal points. */
  breaks: readonly string[];
  won: Won | undefined;
}

export const newsOf = ({ bets, lines, breaks, won }: Counted, own: string): News => ({
  exact: bets.some(({ player, tier }) => player.account === own && tier === "exact"),
  lead: leadBy(lines, bets, breaks),
  won,
});

/** Whether it is something to show. */
export const isNews = ({ exact, lead, won }: News): boolean => exact || lead !== undefined || won !== undefined;
