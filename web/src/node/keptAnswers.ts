// What the node answered last, kept on this device for when the page is opened where nobody answers. It is what was shown before, with its
// time, and never counts as checked.

import { type DehydratedState, dehydrate, hydrate } from "@tanstack/react-query";

import { inHost } from "../device/address";
import { isBusy, queries } from "./client";
import { beginAway, pathOf } from "./events";
import { poolOptions } from "./queries";

const CACHE = "answers";
/** Under what the cache has them; nobody is asked there. */
const PLACE = inHost("/answers");

type Queries = DehydratedState["queries"];

/** Older ones go first. */
const MOST = 200;
const MOST_SIGNS = 4_000_000;
/** Answers that come together are kept together. */
const TOGETHER_MS = 2_000;
/** Whoever does not answer within this time is away. */
const PATIENCE_MS = 5_000;

/** A live score is wrong a minute later. */
const PASSING = ["/api/v1/live", "/api/v1/live/standings", "/api/v1/sources"];

/** Answers of the node, and the genesis; what this device keeps by itself is none. */
const isAnswer = (key: readonly unknown[]): boolean => {
  const path = pathOf(key);
  return (path !== "" || key[0] === "genesis") && !PASSING.includes(path) && !key.includes("kept here");
};

async function read(): Promise<Queries> {
  const kept = await (await caches.open(CACHE)).match(PLACE);
  return kept === undefined ? [] : ((await kept.json()) as Queries);
}

/** Keeps every answer that stands now, and what was kept of others. */
async function keepAnswers(): Promise<void> {
  const now_ms = Date.now();
  const { queries: all } = dehydrate(queries, {
    shouldDehydrateQuery: ({ queryKey, state }) => state.status === "success" && isAnswer(queryKey),
  });
  // An answer is right until an event makes it old.
  const standing = all.map((query) => {
    const { isInvalidated, dataUpdatedAt } = query.state;
    const at_ms = isInvalidated ? dataUpdatedAt : now_ms;
    return { ...query, state: { ...query.state, isInvalidated: false, dataUpdatedAt: at_ms } };
  });
  const known = new Set(standing.map(({ queryHash }) => queryHash));
  const before = (await read().catch(() => [])).filter(({ queryHash }) => !known.has(queryHash));
  const text = JSON.stringify([...standing, ...before].slice(0, MOST));
  if (text.length < MOST_SIGNS) await (await caches.open(CACHE)).put(PLACE, new Response(text));
}

/** Keeps what comes from now on, while it may. */
export function beginToKeepAnswers(may: () => boolean): void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success") return;
    soon ??= setTimeout(() => {
      soon = undefined;
      if (may()) keepAnswers().catch(() => undefined);
    }, TOGETHER_MS);
  });
}

async function bring(): Promise<void> {
  const kept = await read();
  if (kept.length === 0) return;
  const hashes = new Set(kept.map(({ queryHash }) => queryHash));
  // In one breath: whoever waits for one of them gets it.
  void queries.cancelQueries({ predicate: ({ queryHash }) => hashes.has(queryHash) });
  hydrate(queries, { queries: kept, mutations: [] }, { defaultOptions: { queries: { gcTime: Infinity } } });
  beginAway();
}

/** Brings what was kept where nobody answers; ends once that is known. */
export function bringAnswers(): Promise<void> {
  const cache = queries.getQueryCache();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const away = (): void =>
      void bring()
        .catch(() => undefined)
        .finally(end);
    const look = (): void => {
      const pool = queries.getQueryState(poolOptions().queryKey);
      if (pool?.data !== undefined) end();
      else if (pool?.fetchFailureReason instanceof TypeError && !isBusy(pool.fetchFailureReason)) away();
    };
    const timer = setTimeout(away, PATIENCE_MS);
    const stop = cache.subscribe(look);
    look();
  });
}

export async function forgetAnswers(): Promise<void> {
  // Over plain HTTP there is no such place, and nothing was kept.
  if ("caches" in globalThis) await (await caches.open(CACHE)).delete(PLACE);
}
