// Who won which round: whoever is first in its table once all of its matches are counted.

import { queryOptions, useQueries } from "@tanstack/react-query";

import { node, type Shapes } from "../node/client";
import { useNear } from "../node/events";
import { MOST_WINNERS, type Won, wonOf } from "./fullTime";

type Round = Pick<Shapes["RoundBody"], "stage">;

/** The first of a round's table. */
export const firstOptions = ({ stage }: Round) =>
  queryOptions({
    queryKey: ["get", "/api/v1/standings", "first", stage],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/standings", {
        signal,
        params: { query: { limit: MOST_WINNERS, stage } },
      });
      if (data === undefined) throw error;
      return data;
    },
  });

/** Who won each of these rounds, in their order; `undefined` until all are known. Of a node that is away nothing is waited for. */
export function useWon(over: readonly Round[]): readonly Won[] | undefined {
  const away = useNear() === false;
  const won = useQueries({
    queries: over.map(firstOptions),
    combine: (answers) =>
      !away && answers.some(({ isPending }) => isPending)
        ? undefined
        : answers.flatMap(({ data }, at) => wonOf(over[at]?.stage ?? "", data?.items ?? []) ?? []),
  });
  return won;
}
