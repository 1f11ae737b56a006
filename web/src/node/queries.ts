// What features ask the node for, by what it is.

import { keepPreviousData, queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { $node, node, type Shapes } from "./client";
import {
  actEntry,
  answersEntry,
  attendanceAnswer,
  betEntry,
  matchEntry,
  objectionEntry,
  organisersAnswer,
  playerEntry,
  questionEntry,
  roundEntry,
  versionEntry,
  waitingEntry,
} from "./entries";
import { everyPage, LIMIT } from "./pages";
import { type Item, roomOf } from "./questions";
import { shaped } from "./shape";

/** Counts of a pool of which nothing is told. */
const NOTHING: Shapes["TotalsBody"] = {
  players: 0,
  matches: 0,
  bets: 0,
  acts: 0,
  transactions: 0,
  chips_issued: 0,
  rollover: 0,
  scored: 0,
  provisional: 0,
  clock: "1970-01-01T00:00:00Z",
};

/** The pool. Whoever may not look is told of its rules only: nobody is in it then. */
export const poolOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/pool"],
    queryFn: async ({ signal }): Promise<Shapes["PoolBody"]> => {
      const { data, error } = await node.GET("/api/v1/pool", { signal });
      if (error !== undefined) throw error;
      return { organisers: [], matches: 0, totals: NOTHING, ...data };
    },
  });
export const usePool = () => useSuspenseQuery(poolOptions()).data;

/** Who invites by a link that the node keeps, by its ticket. */
export const inviterOptions = (ticket: string) =>
  $node.queryOptions("get", "/api/v1/invitations/{ticket}/inviter", { params: { path: { ticket } } });

/** No event tells that keepers fall silent while something waits for them. */
const SILENT_MS = 5_000;

/** How the node is; `null` for whoever may not look. */
export const statusOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/status"],
    queryFn: async ({ signal }): Promise<Shapes["StatusBody"] | null> => {
      const { data, error } = await node.GET("/api/v1/status", { signal });
      if (error !== undefined) throw error;
      return "sync" in data ? data : null;
    },
  });
const told = (status: Shapes["StatusBody"] | null): Shapes["StatusBody"] | undefined => status ?? undefined;

/** How the node is; `watch`: asks for as long as something waits for keepers. */
export const useStatus = (watch = false) =>
  useQuery({
    ...statusOptions(),
    select: told,
    refetchInterval: ({ state: { data } }) =>
      watch && data != null && (data.pending > 0 || data.waits != null) && SILENT_MS,
  });
export const organisersOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/organisers", {}],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/organisers", { signal });
      if (error !== undefined) throw error;
      return shaped(data, organisersAnswer, "the list of organisers");
    },
  });
export const useOrganisers = (enabled = true) => useQuery({ ...organisersOptions(), enabled });
export const validatorsOptions = () => $node.queryOptions("get", "/api/v1/validators", {});
export const useValidators = (enabled = true) => useQuery({ ...validatorsOptions(), enabled });

export const attendanceOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/attendance"],
    queryFn: async ({ signal }) => {
      const { data, error } = await node.GET("/api/v1/attendance", { signal });
      if (error !== undefined) throw error;
      return shaped(data, attendanceAnswer, "who of the validators is there");
    },
  });
/** By account. */
export const useAttendance = (): ReadonlyMap<string, Shapes["HeardBody"]> => {
  const { data } = useQuery(attendanceOptions());
  return useMemo(() => new Map(data?.validators.map((one) => [one.account, one])), [data]);
};

export const matchesOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/matches"],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET("/api/v1/matches", { signal, params: { query } }), matchEntry),
  });
/** Every match of the pool. */
export const useMatches = () => useQuery(matchesOptions());

/** What every player is told of what organisers did, of blocks above a height, the last one first. */
export const toldOptions = (above: number) =>
  queryOptions({
    queryKey: ["get", "/api/v1/log", "told", above],
    queryFn: ({ signal }) =>
      everyPage(
        (query) => node.GET("/api/v1/log", { signal, params: { query: { ...query, told_above: above } } }),
        actEntry,
      ),
  });

/** What organisers have signed and too few others yet. */
export const votesOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/votes"],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET("/api/v1/votes", { signal, params: { query } }), waitingEntry),
  });
export const useVotes = (enabled = true) => useQuery({ ...votesOptions(), enabled });

export const roundsOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/rounds"],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET("/api/v1/rounds", { signal, params: { query } }), roundEntry),
  });
/** Every round, in order of kick-offs. */
export const useRounds = () => useQuery(roundsOptions());

export const matchOptions = (code: string) =>
  $node.queryOptions("get", "/api/v1/matches/{code}", { params: { path: { code } } });
export const useMatch = (code: string) => useQuery(matchOptions(code));

/** Whether a block holds an account's joining; `undefined` until that is known. */
export const useJoined = (account: string | undefined): boolean | undefined =>
  $node.useQuery(
    "get",
    "/api/v1/accounts/{account}/nonce",
    { params: { path: { account: account ?? "" } } },
    { enabled: account !== undefined },
  ).data?.joined;

export const OPENINGS = "/api/v1/openings";

export const openingsOptions = (account: string) =>
  $node.queryOptions("get", OPENINGS, { params: { query: { account } } });

const SOON_MS = 5_000;
const LATER_MS = 60_000;

/** What keepers were handed and do not hold yet, and since when this is known. */
const waits = { what: "", since_ms: 0 };

/** How soon to ask again for keepers who do not hold what they were handed; `false` where all do. One may be away for days. */
export function askAgainIn({ seals }: Shapes["OpeningsBody"], now_ms: number): number | false {
  const handed = seals.filter(({ dealt, will_open }) => dealt != null && !will_open);
  const what = handed.map(({ commitment, dealt }) => `${commitment} ${dealt?.round}`).join();
  if (what !== waits.what) Object.assign(waits, { what, since_ms: now_ms });
  return what !== "" && Math.min(Math.max(now_ms - waits.since_ms, SOON_MS), LATER_MS);
}

/** Who opens an account's sealed tips; `watch`: asks until the keepers hold what they were handed. */
export const useOpenings = (account: string | undefined, watch = false) =>
  $node.useQuery(
    "get",
    OPENINGS,
    { params: { query: { account: account ?? "" } } },
    {
      enabled: account !== undefined,
      refetchInterval: ({ state }) => watch && state.data !== undefined && askAgainIn(state.data, Date.now()),
    },
  );

export const playerOptions = (player: string) =>
  $node.queryOptions("get", "/api/v1/players/{player}", { params: { path: { player } } });
/** A player by name or account; of an account that has not joined, an error with status 404. */
export const usePlayer = (player: string | undefined) =>
  useQuery({ ...playerOptions(player ?? ""), enabled: player !== undefined });

export const playerBetsOptions = (player: string | undefined) =>
  queryOptions({
    queryKey: ["get", "/api/v1/players/{player}/bets", player],
    enabled: player !== undefined,
    queryFn: ({ signal }) =>
      everyPage(
        (query) =>
          node.GET("/api/v1/players/{player}/bets", {
            signal,
            params: { path: { player: player ?? "" }, query },
          }),
        betEntry,
      ),
  });
/** The standing bets of a player. */
export const usePlayerBets = (player: string | undefined) => useQuery(playerBetsOptions(player));

/** A table: of everything, of a stage, or from a match on. */
export interface Slice {
  stage?: string;
  from?: string;
}

/** Everybody's line of a table, with what it rests on. */
export type Table = Shapes["StandingsBody"];

const TRIES = 3;

async function wholeTable(slice: Slice, signal: AbortSignal): Promise<Table> {
  const page = async (limit: number): Promise<Shapes["StandingsBody"]> => {
    const { data, error } = await node.GET("/api/v1/standings", { signal, params: { query: { limit, ...slice } } });
    if (data === undefined) throw error;
    return data;
  };
  let head = await page(LIMIT);
  for (let tried = 0; head.next_cursor != null; tried += 1) {
    // Many players: all of them in one answer, which counts if no block came meanwhile.
    const { data: items, error } = await node.GET("/api/v1/standings.json", {
      signal,
      params: { query: { ...slice } },
    });
    if (items === undefined) throw error;
    const then = await page(1);
    if (then.tip === head.tip || tried === TRIES) return { ...then, items, next_cursor: null };
    head = then;
  }
  return head;
}

export const standingsOptions = (slice: Slice) =>
  queryOptions({
    queryKey: ["get", "/api/v1/standings", slice],
    queryFn: ({ signal }) => wholeTable(slice, signal),
  });
export const useStandings = (slice: Slice, enabled = true) =>
  useQuery({ ...standingsOptions(slice), enabled, placeholderData: keepPreviousData });

export const matchTipsOptions = (code: string) =>
  queryOptions({
    queryKey: ["get", "/api/v1/matches/{code}/tips", code],
    queryFn: ({ signal }) =>
      everyPage(
        (query) =>
          node.GET("/api/v1/matches/{code}/tips", {
            signal,
            params: { path: { code }, query },
          }),
        betEntry,
      ),
  });
/** Everybody's standing bets on a match. */
export const useMatchTips = (code: string) => useQuery(matchTipsOptions(code));

/** Every record that a match or a question has or had. */
export const versionsOptions = (of: Item) => {
  const { code } = of;
  const path = `/api/v1/${roomOf(of)}/{code}/results` as const;
  return queryOptions({
    queryKey: ["get", path, code],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET(path, { signal, params: { path: { code }, query } }), versionEntry),
  });
};

/** What was said against them. */
export const objectionsOptions = (of: Item) => {
  const { code } = of;
  const path = `/api/v1/${roomOf(of)}/{code}/objections` as const;
  return queryOptions({
    queryKey: ["get", path, code],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET(path, { signal, params: { path: { code }, query } }), objectionEntry),
  });
};
export const useObjections = (of: Item) => useQuery(objectionsOptions(of));

export const questionsOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/questions"],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET("/api/v1/questions", { signal, params: { query } }), questionEntry),
  });
/** Every question of the pool. */
export const useQuestions = (enabled = true) => useQuery({ ...questionsOptions(), enabled });

/** Everybody's answers to a question. */
export const answersOptions = (code: string) =>
  queryOptions({
    queryKey: ["get", "/api/v1/questions/{code}/answers", code],
    queryFn: ({ signal }) =>
      everyPage(
        (query) => node.GET("/api/v1/questions/{code}/answers", { signal, params: { path: { code }, query } }),
        answersEntry,
      ),
  });

/** A player's answers to every question. */
export const playerAnswersOptions = (player: string | undefined) =>
  queryOptions({
    queryKey: ["get", "/api/v1/players/{player}/answers", player],
    enabled: player !== undefined,
    queryFn: ({ signal }) =>
      everyPage(
        (query) =>
          node.GET("/api/v1/players/{player}/answers", { signal, params: { path: { player: player ?? "" }, query } }),
        answersEntry,
      ),
  });

export const playersOptions = () =>
  queryOptions({
    queryKey: ["get", "/api/v1/players"],
    queryFn: ({ signal }) =>
      everyPage((query) => node.GET("/api/v1/players", { signal, params: { query } }), playerEntry),
  });

/** Every player. */
export const usePlayers = (enabled = true) => useQuery({ ...playersOptions(), enabled });
