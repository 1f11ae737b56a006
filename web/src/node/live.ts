// What the node has heard of matches that are played now, and of the lists that it reads from the web. None of it is in a block: a live
// score that an organiser typed carries the organiser's signature, and of one that a list told nothing can be checked.

import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";

import { node, type Shapes } from "./client";
import { useNow } from "./clock";
import { livesAnswer, liveTable, sourcesAnswer } from "./entries";
import { matchesOptions, useStandings } from "./queries";
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

/** A node shows a live score for so long after the kick-off. */
const SHOWN_S = 4 * 3_600;

/**
 * Whether live scores stand on the screen, or none where one could: no block holds them. Nobody can check one of a list from the web, and
 * the node could hold a newer one back that an organiser signed.
 */
export function useShowsLive(): boolean {
  const client = useQueryClient();
  const now_s = useNow(60);
  const { data: matches = [] } = useQuery({ ...matchesOptions(), enabled: false });
  const cache = client.getQueryCache();
  const asks = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => cache.find({ queryKey: livesOptions().queryKey, exact: true })?.isActive() === true,
  );
  const isPlayed = (match: Match): boolean =>
    isOn(match) && match.kickoff != null && now_s - Date.parse(match.kickoff) / 1000 < SHOWN_S;
  return asks && matches.some(isPlayed);
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

/** What the matches that are played now would give, if they ended so. */
export interface Gains {
  /** By account. */
  of: ReadonlyMap<string, number>;
  /** Whether it is one match that gives it. */
  one: boolean;
}

/** `undefined` until both tables are known. */
export function useGains(enabled = true): Gains | undefined {
  const lives = useQuery({ ...livesOptions(), enabled }).data;
  const table = useQuery({ ...liveTableOptions(), enabled }).data;
  const real = useStandings({}, enabled).data;
  return useMemo(() => {
    if (!enabled || lives === undefined || table === undefined || real === undefined) return undefined;
    const had = new Map(real.items.map(({ player, points }) => [player.account, points]));
    const of = table.items.map(({ player: { account }, points }) => [account, points - (had.get(account) ?? points)]);
    return { of: new Map(of as [string, number][]), one: lives.items.length === 1 };
  }, [enabled, lives, table, real]);
}

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
