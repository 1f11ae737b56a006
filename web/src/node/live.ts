// What the node has heard of matches that are played now, and of the lists that it reads from the web. None of it is in a block, so none
// of it can be checked.

import { queryOptions, useQuery } from "@tanstack/react-query";

import { node, type Shapes } from "./client";
import { livesAnswer, liveTable, sourcesAnswer } from "./entries";
import { standing } from "./record";
import { shaped } from "./shape";

export type Live = Shapes["LiveBody"];
type Match = Shapes["MatchBody"];

export const livesOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/live"],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/live", { signal });
      if (error !== undefined) throw error;
      return shaped(data, livesAnswer, "the list of live scores");
    },
  });

/** Whether a match takes no more tips and has no record: what is said of it live is news. */
const isOn = (match: Match): boolean => match.status !== "scheduled" && standing(match) === undefined;

const scoreOf = (items: readonly Live[], { no }: Match): Live | undefined => items.find(({ match }) => match.no === no);

/** The live score of a match, where it has one and no record. */
export function useLiveScore(match: Match): Live | undefined {
  const on = isOn(match);
  const { data } = useQuery({
    ...livesOptions(),
    enabled: on,
    select: ({ items }) => scoreOf(items, match) ?? null,
  });
  return on ? (data ?? undefined) : undefined;
}

/** The matches that have a live score, with it. */
export function useLiveMatches(matches: readonly Match[]): { match: Match; live: Live }[] {
  const { data } = useQuery({ ...livesOptions(), enabled: matches.some(isOn) });
  return matches.filter(isOn).flatMap((match) => {
    const live = scoreOf(data?.items ?? [], match);
    return live === undefined ? [] : [{ match, live }];
  });
}

export const liveTableOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/live/standings"],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/live/standings", { signal });
      if (error !== undefined) throw error;
      return shaped(data, liveTable, "the table as it would stand");
    },
  });

/** The table as it would stand if the matches that are played ended now. */
export const useLiveTable = () => useQuery(liveTableOptions());

export const sourcesOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/sources"],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/sources", { signal });
      if (error !== undefined) throw error;
      return shaped(data, sourcesAnswer, "what is said of lists from the web");
    },
  });

/** The lists that the node reads from the web. */
export const useSources = () => useQuery(sourcesOptions());
