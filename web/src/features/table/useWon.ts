// Who won which round: whoever is first in its table once all of its matches are counted.

import { queryOptions, useQueries } from "@tanstack/react-query";

import { known } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";
import { node, type Shapes } from "../../node/client";
import { useNear } from "../../node/events";
import { standing } from "../../node/record";

type Round = Shapes["RoundBody"];
type Match = Shapes["MatchBody"];

/** A round that is over, and its winners: several where they are level. */
export interface Won {
  stage: string;
  winners: Shapes["StandingBody"][];
}

/** Where as many share the first place, nobody is said to have won. */
const MOST = 50;

/** The first of a round's table. What no objection can change is asked for once. */
const firstOptions = ({ stage, provisional }: Pick<Round, "stage" | "provisional">) =>
  queryOptions({
    queryKey: provisional > 0 ? ["first", "/api/v1/standings", stage] : ["first", stage],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/standings", {
        signal,
        params: { query: { limit: MOST, stage } },
      });
      if (data === undefined) throw error;
      return data;
    },
  });

/** Matches of a round that nothing became of yet. */
export function toPlay(round: Round, matches: ReadonlyMap<number, Match>): number {
  return round.matches.filter(({ no }) => {
    const match = matches.get(no);
    const record = match && standing(match);
    return record === undefined || record.outcome.status === "postponed";
  }).length;
}

/** Whether all of its matches are counted. */
export const isOver = (round: Round, matches: ReadonlyMap<number, Match>): boolean =>
  round.scored > 0 && toPlay(round, matches) === 0;

/** Who won each of these rounds, in their order; `undefined` until all are known. Of a node that is away nothing is waited for. */
export function useWon(over: readonly Round[]): readonly Won[] | undefined {
  const away = useNear() === false;
  const won = useQueries({
    queries: over.map(firstOptions),
    combine: (answers) =>
      !away && answers.some(({ isPending }) => isPending)
        ? undefined
        : answers.flatMap(({ data }, at): Won[] => {
            const winners = data?.items.filter(({ place, points }) => place === 1 && points > 0) ?? [];
            const stage = over[at]?.stage ?? "";
            return winners.length === 0 || winners.length === MOST ? [] : [{ stage, winners }];
          }),
  });
  useAsked(over.length === 0 ? undefined : `rounds won ${over.map(({ stage }) => stage).join()}`, async (fresh) =>
    Promise.all(
      over.map(async (round) => ({
        of: { route: "standings" as const, stage: round.stage },
        body: await known(firstOptions(round), fresh),
      })),
    ),
  );
  return won;
}
