// What lines about matches and rounds tell beyond the calendar: everybody's tips, and who won a round.

import { useQueries } from "@tanstack/react-query";

import type { Shapes } from "../../node/client";
import { matchTipsOptions, standingsOptions, type Table } from "../../node/queries";
import type { Item } from "./feed";

type Match = Shapes["MatchBody"];

/** As many of the last matches are told with their tips at once, in a pool of friends; the others when they are looked at. */
const MATCHES = 8;
const MOST_PLAYERS = 60;

export interface News {
  /** The tips on a match, by its number. */
  tips: ReadonlyMap<number, readonly Shapes["BetBody"][]>;
  /** The table of a round. */
  tables: ReadonlyMap<string, Table>;
  /** Whether all of them have come or failed. */
  whole: boolean;
  /** Whether matches are told with their tips. */
  few: boolean;
}

/** The match of a line that is to be told with its tips, which are not there yet. */
export function lacksTips(item: Item, { tips, few }: News): Match | undefined {
  const match = item.is === "result" ? item.match : item.is === "kickoff" ? item.matches[0] : undefined;
  const told =
    item.is === "kickoff"
      ? item.matches.length === 1
      : item.is === "result" && item.record.score != null && !item.record.corrected;
  return few && told && match !== undefined && match.bets > 0 && !tips.has(match.no) ? match : undefined;
}

/** The matches that began last, and those that ended last, whose tips anybody can read. */
export function lastOf(matches: readonly Match[], players: number): Match[] {
  if (players > MOST_PLAYERS) return [];
  const begun = matches.filter(({ status, bets }) => status !== "scheduled" && bets > 0);
  const at = ({ record, kickoff }: Match): string => record?.since ?? kickoff ?? "";
  return begun.sort((a, b) => at(b).localeCompare(at(a))).slice(0, MATCHES);
}

export function useNews(matches: readonly Match[], rounds: readonly string[], players: number): News {
  const tips = useQueries({ queries: matches.map(({ code }) => matchTipsOptions(code)) });
  const tables = useQueries({ queries: rounds.map((stage) => standingsOptions({ stage })) });
  return {
    tips: new Map(
      matches.flatMap(({ no }, at) => (tips[at]?.data === undefined ? [] : [[no, tips[at].data] as const])),
    ),
    tables: new Map(rounds.flatMap((stage, at) => (tables[at]?.data === undefined ? [] : [[stage, tables[at].data]]))),
    few: players <= MOST_PLAYERS,
    whole: ![...tips, ...tables].some(({ isLoading }) => isLoading),
  };
}
