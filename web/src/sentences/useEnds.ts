// The results that changed something for the player of this device, and were neither watched nor offered here.

import { queryOptions, useQueries } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";

import { offered, useHasSeen, useWasOffered } from "../device/seen";
import { openedOptions } from "../keys/useOpened";
import { queries, type Shapes } from "../node/client";
import { useNow } from "../node/clock";
import { firstLook } from "../node/firstLook";
import { matchTipsOptions, playerBetsOptions, standingsOptions } from "../node/queries";
import { standing } from "../node/record";
import type { Scene } from "./film";
import { closesRound, endsOf, isCounted, isNews, type News, newsOf, wonOf } from "./fullTime";
import { firstOptions } from "./useWon";

type Match = Shapes["MatchBody"];

/** In a pool of more players, not every device reads all tips and the whole table for each result. */
const MANY_PLAYERS = 200;
const TRIES = 8;
const AGAIN_MS = 400;
const STEP_S = 600;

/** What between equal points decides. */
export const breaksOf = (rules: unknown): readonly string[] =>
  (rules as { tie_breaks?: string[] } | undefined)?.tie_breaks ?? [];

interface Pool {
  id: string;
  account: string;
  players: number;
  matches: readonly Match[];
}

const FRESH = { staleTime: 0 };

/** Everybody's tips on a match and the table they made; of many only what the player's own tip says. */
async function countedBy({ account, players, matches }: Pool, { no, code }: Match) {
  if (players > MANY_PLAYERS) {
    const all = await queries.query({ ...playerBetsOptions(account), ...FRESH });
    const bets = all.filter(({ match }) => match.no === no);
    return { bets, lines: [], whole: isCounted(bets) };
  }
  const [bets, table] = await Promise.all([
    queries.query({ ...matchTipsOptions(code), ...FRESH }),
    queries.query({ ...standingsOptions({}), ...FRESH }),
  ]);
  const scored = matches.filter((match) => standing(match)?.score != null).length;
  return { bets, lines: table.items, whole: isCounted(bets) && table.scored >= scored };
}

/** What a result brought, asked for once. */
const newsOptions = (pool: Pool, match: Match) =>
  queryOptions({
    queryKey: ["news", pool.id, pool.account, match.code, match.record?.version],
    retry: TRIES,
    retryDelay: AGAIN_MS,
    queryFn: async (): Promise<News> => {
      const { stage } = match;
      const [counted, opened, round] = await Promise.all([
        countedBy(pool, match),
        queries.query(openedOptions(pool.id)),
        closesRound(match, pool.matches) ? queries.query({ ...firstOptions({ stage }), ...FRESH }) : undefined,
      ]);
      if (!counted.whole) throw new Error("the result is not counted yet");
      const won = round && wonOf(stage, round.items);
      return newsOf({ ...counted, breaks: breaksOf(opened.pool.rules), won }, pool.account);
    },
  });

/** Those results as scenes, the oldest first. */
export function useEnds(pool: Pool): Scene[] {
  const saw = useHasSeen();
  const asked = useWasOffered();
  const [since_s] = useState(() => firstLook(pool.id));
  const ends = endsOf(pool.matches, since_s, useNow(STEP_S)).filter(({ code, is }) => !saw(code, is));
  // What was offered already follows other scenes for as long as this page is open; nothing more is asked for it.
  const news = useQueries({
    queries: ends.map(({ code, is, match }) => ({ ...newsOptions(pool, match), enabled: !asked(code, is) })),
  });
  const dull = ends.filter((_, at) => news[at]?.data !== undefined && !isNews(news[at].data));
  const which = dull.map(({ code }) => code).join();
  const pass = useEffectEvent(() => offered(dull));
  useEffect(() => pass(), [which]);
  return ends.filter((_, at) => news[at]?.data !== undefined && isNews(news[at].data));
}
