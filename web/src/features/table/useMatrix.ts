// Everybody's tips, from the node: of a round page by page, or, in a pool of friends, of all rounds at once.

import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import { node, type Shapes } from "../../node/client";
import { betEntry } from "../../node/entries";
import { byKickoff } from "../../node/kickoffs";
import { everyPage } from "../../node/pages";
import { useMatches, useStandings } from "../../node/queries";

type Cell = Shapes["CellBody"];

export interface Row {
  player: Shapes["PlayerRef"];
  points: number;
  cells: readonly (Cell | null | undefined)[];
}

interface Grid {
  players: number;
  matches: Shapes["MatchBody"][];
  rows: Row[];
  /** More rows than these are to come. */
  more: boolean;
}

interface Asked {
  grid: Grid | undefined;
  error: unknown;
  again: () => void;
  next: () => void;
}

/** What `grid=` says in the address for all rounds. */
export const ALL = "*";

const CELLS_A_PAGE = 8_000;
const CELLS_AT_ONCE = 40_000;

/** Whether all rounds fit into one grid. */
export const fitsWhole = (players: number, matches: number): boolean => players * matches <= CELLS_AT_ONCE;

function useRound(stage: string): Asked {
  const asked = useInfiniteQuery({
    queryKey: ["get", "/api/v1/rounds/{stage}/matrix", stage],
    enabled: stage !== ALL,
    initialPageParam: { cursor: "", limit: 50 },
    queryFn: async ({ pageParam: { cursor, limit }, signal }) => {
      const { data, error } = await node.GET("/api/v1/rounds/{stage}/matrix", {
        signal,
        params: { path: { stage }, query: { limit, ...(cursor !== "" && { cursor }) } },
      });
      if (data === undefined) throw error;
      return data;
    },
    getNextPageParam: ({ next_cursor, matches }) =>
      next_cursor == null
        ? undefined
        : {
            cursor: next_cursor,
            limit: Math.min(500, Math.max(50, Math.floor(CELLS_A_PAGE / Math.max(1, matches.length)))),
          },
  });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = asked;
  const grid = useMemo(() => {
    const head = data?.pages[0];
    if (head === undefined) return undefined;
    const rows = data?.pages.flatMap((page) => page.items) ?? [];
    return { players: head.players, matches: head.matches, rows, more: hasNextPage };
  }, [data, hasNextPage]);
  return {
    grid,
    error: asked.error,
    again: () => void asked.refetch(),
    next: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

/** A grid of every match, in order of kick-offs, with its players in order of the table. */
export function wholeGrid(
  lines: readonly { player: Shapes["PlayerRef"]; points: number }[],
  matches: readonly Shapes["MatchBody"][],
  bets: readonly Shapes["BetBody"][],
): Grid {
  const columns = [...matches].sort(byKickoff);
  const column = new Map(columns.map((match, index) => [match.no, index]));
  const cells = new Map(lines.map(({ player }) => [player.account, new Array<Cell | undefined>(columns.length)]));
  for (const bet of bets) {
    const at = column.get(bet.match.no);
    const row = cells.get(bet.player.account);
    if (at !== undefined && row !== undefined) row[at] = bet;
  }
  const rows = lines.map(({ player, points }) => ({ player, points, cells: cells.get(player.account) ?? [] }));
  return { players: lines.length, matches: columns, rows, more: false };
}

const allTips = queryOptions({
  queryKey: ["get", "/api/v1/bets"],
  queryFn: ({ signal }) => everyPage((query) => node.GET("/api/v1/bets", { signal, params: { query } }), betEntry),
});

function useWhole(wanted: boolean): Asked {
  const tips = useQuery({ ...allTips, enabled: wanted });
  const table = useStandings({}, wanted);
  const matches = useMatches();
  const grid = useMemo(
    () =>
      tips.data === undefined || table.data === undefined || matches.data === undefined
        ? undefined
        : wholeGrid(table.data.items, matches.data, tips.data),
    [tips.data, table.data, matches.data],
  );
  return {
    grid,
    error: tips.error ?? table.error ?? matches.error,
    again: () => void Promise.all([tips.refetch(), table.refetch(), matches.refetch()]),
    next: () => undefined,
  };
}

/** The grid of a round, or of `ALL`. */
export function useMatrix(stage: string): Asked {
  const round = useRound(stage);
  const whole = useWhole(stage === ALL);
  return stage === ALL ? whole : round;
}
