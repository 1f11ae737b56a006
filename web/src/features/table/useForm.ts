// How everybody fared in the last matches: the tips on each, as the place of that match asks for them.

import { useQueries } from "@tanstack/react-query";

import type { Shapes } from "../../node/client";
import { byKickoff } from "../../node/kickoffs";
import { matchTipsOptions } from "../../node/queries";
import { standing } from "../../node/record";
import { near, type Near } from "../../node/tips";

type Match = Shapes["MatchBody"];
type Bet = Pick<Shapes["BetBody"], "player" | "points" | "tier">;

/** So many matches. */
const LAST = 5;
/** In a larger pool their tips would be too much to ask for beside a table. */
const MOST_PLAYERS = 200;

/** The last matches that count, of a round where one is given, in order of their kick-offs. */
export const lastCounted = (matches: readonly Match[], stage?: string): Match[] =>
  matches
    .filter((match) => standing(match)?.score != null && (stage === undefined || match.stage === stage))
    .sort(byKickoff)
    .slice(-LAST);

/** What an account's tips became, of everybody's on each match. */
export function forms(tips: readonly (readonly Bet[])[]): (account: string) => Near[] {
  const matches = tips.map((bets) => new Map(bets.map((bet) => [bet.player.account, bet])));
  return (account) => matches.map((bets) => near(bets.get(account)) ?? "none");
}

/** The form of every account; `undefined` where it is not asked for, `null` until it is known. */
export function useForm(matches: readonly Match[], players: number): ReturnType<typeof forms> | null | undefined {
  const asked = players <= MOST_PLAYERS ? matches : [];
  const tips = useQueries({
    queries: asked.map(({ code }) => matchTipsOptions(code)),
    combine: (answers) =>
      answers.every(({ data }) => data !== undefined) ? answers.map(({ data = [] }) => data) : null,
  });
  if (asked.length === 0) return undefined;
  return tips === null ? null : forms(tips);
}
