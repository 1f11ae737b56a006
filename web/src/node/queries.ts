// What features ask the node for, by what it is.

import { keepPreviousData, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";

import { $node, everyPage, node, type Shapes } from "./client";

const LIMIT = 500;

export const poolOptions = () => $node.queryOptions("get", "/api/v1/pool");
export const usePool = () => useSuspenseQuery(poolOptions()).data;
export const useStatus = () => $node.useQuery("get", "/api/v1/status");
export const useOrganisers = () => $node.useQuery("get", "/api/v1/organisers");
export const useValidators = () => $node.useQuery("get", "/api/v1/validators");

export const matchesOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/matches"],
    queryFn: ({ signal }) =>
      everyPage<Shapes["MatchBody"]>((cursor) =>
        node.GET("/api/v1/matches", { signal, params: { query: { limit: LIMIT, ...(cursor && { cursor }) } } }),
      ),
  });
/** Every match of the pool. */
export const useMatches = () => useQuery(matchesOptions());

export const roundsOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/rounds"],
    queryFn: ({ signal }) =>
      everyPage<Shapes["RoundBody"]>((cursor) =>
        node.GET("/api/v1/rounds", { signal, params: { query: { limit: LIMIT, ...(cursor && { cursor }) } } }),
      ),
  });
/** Every round, in order of kick-offs. */
export const useRounds = () => useQuery(roundsOptions());

export const useMatch = (code: string) =>
  $node.useQuery(
    "get",
    "/api/v1/matches/{code}",
    { params: { path: { code } } },
    { placeholderData: keepPreviousData },
  );

/** Whether a block holds an account's joining; `undefined` until that is known. */
export const useJoined = (account: string | undefined): boolean | undefined =>
  $node.useQuery(
    "get",
    "/api/v1/accounts/{account}/nonce",
    { params: { path: { account: account ?? "" } } },
    { enabled: account !== undefined },
  ).data?.joined;

/** A player by name or account; of an account that has not joined, an error with status 404. */
export const usePlayer = (player: string | undefined) =>
  $node.useQuery(
    "get",
    "/api/v1/players/{player}",
    { params: { path: { player: player ?? "" } } },
    { enabled: player !== undefined },
  );

export const playerBetsOptions = (player: string | undefined) =>
  queryOptions({
    queryKey: ["get", "/api/v1/players/{player}/bets", player],
    enabled: player !== undefined,
    queryFn: ({ signal }) =>
      everyPage<Shapes["BetBody"]>((cursor) =>
        node.GET("/api/v1/players/{player}/bets", {
          signal,
          params: { path: { player: player ?? "" }, query: { limit: LIMIT, ...(cursor && { cursor }) } },
        }),
      ),
  });
/** The standing bets of a player. */
export const usePlayerBets = (player: string | undefined) => useQuery(playerBetsOptions(player));
