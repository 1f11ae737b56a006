// The node's events. They make what is out of date be asked again. All tabs of a browser share one stream.

import type { Query } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";

import { inHost } from "../device/address";
import { queries, whenNoAnswer, type Shapes } from "./client";
import { heard } from "./heard";
import { poolOptions } from "./queries";
import { type EventName, listen, type Told, type Wish } from "./stream";

export type { EventName } from "./stream";

/** Beginnings of the paths whose answers may be others after an event; `""` is all of them. */
const STALE: Record<EventName, readonly string[]> = {
  tip: [""],
  // What was missed follows, each under its name.
  resumed: [],
  resync: [""],
  lagged: [""],
  reorganised: [""],
  block: [""],
  transaction: ["/api/v1/transactions", "/api/v1/openings", "/api/v1/accounts", "/api/v1/votes", "/api/v1/status"],
  final: [""],
  peer: ["/api/v1/peers", "/api/v1/status"],
  sync: ["/api/v1/status"],
  result: ["/api/v1/matches", "/api/v1/rounds", "/api/v1/votes", "/api/v1/log"],
  standings: ["/api/v1/standings", "/api/v1/rounds", "/api/v1/players"],
  notice: ["/api/v1/notices", "/api/v1/status"],
  back_dated: ["/api/v1/notices", "/api/v1/late-blocks"],
  live: ["/api/v1/live"],
  sources: ["/api/v1/sources"],
};

/** What the pool was made with never changes. */
const FIXED = ["/api/v1/pool/genesis", "/api/v1/pool/genesis.bin"];

const TOGETHER_MS = 150;
/** In a pool of more players than this, browsers do not all ask at the same moment: each waits by chance, up to so long. */
const MANY_PLAYERS = 200;
const APART_MS = 3_000;
/** So long may a node take to answer that has no stream for this page. */
const ANSWER_MS = 1_000;

export type Listener = (name: EventName, data: unknown) => void;

const listeners = new Set<Listener>();
const watchers = new Set<() => void>();
let near: boolean | undefined;
/** How often in a row the stream could not be opened. */
let broken = 0;
/** Whether anything was heard since the page is open. */
let greeted = false;
/** Whether what is shown was kept on this device by an earlier visit. */
let kept = false;
let stale = new Set<string>();
let flush: ReturnType<typeof setTimeout> | undefined;

/** The path of the API that a question is about; `""` where there is none. */
export function pathOf(key: readonly unknown[]): string {
  return key.find((part): part is string => typeof part === "string" && part.startsWith("/api/")) ?? "";
}

function askAgain(beginnings: readonly string[]): void {
  for (const beginning of beginnings) stale.add(beginning);
  flush ??= setTimeout(() => {
    const now = stale;
    stale = new Set();
    flush = undefined;
    void refresh(({ queryKey }) => {
      const path = pathOf(queryKey);
      return path !== "" && !FIXED.includes(path) && [...now].some((beginning) => path.startsWith(beginning));
    });
  }, TOGETHER_MS + wait_ms());
}

function wait_ms(): number {
  const players = queries.getQueryData<Shapes["PoolBody"]>(poolOptions().queryKey)?.totals.players ?? 0;
  return players > MANY_PLAYERS ? Math.random() * APART_MS : 0;
}

/** Has answers asked again. One that is on its way comes to its end, since a long list would never do so in a rush, and is then asked again. */
async function refresh(predicate: (query: Query) => boolean): Promise<void> {
  const cancelRefetch = false;
  const onTheWay = new Set(queries.getQueryCache().findAll({ predicate, fetchStatus: "fetching" }));
  await queries.invalidateQueries({ predicate }, { cancelRefetch });
  if (onTheWay.size > 0)
    await queries.invalidateQueries({ predicate: (query) => onTheWay.has(query) }, { cancelRefetch });
}

function setNear(now: boolean): void {
  if (near === now) return;
  near = now;
  if (now) kept = false;
  for (const watcher of watchers) watcher();
}

/** What the first event makes old: it names the tip that most answers rest on, since they have just come. */
function oldAt(tip: unknown): string[] {
  const others = [...heard.values()].filter((one) => one.tip !== tip).map(({ schemaPath }) => schemaPath);
  const onTheWay = queries.getQueryCache().findAll({ fetchStatus: "fetching" });
  return [...others, ...onTheWay.map(({ queryKey }) => pathOf(queryKey)).filter((path) => path !== "")];
}

function take(name: EventName, text: string): void {
  let data: Record<string, unknown>;
  try {
    data = JSON.parse(text) as typeof data;
  } catch {
    return;
  }
  askAgain(greeted || name !== "tip" ? STALE[name] : oldAt(data.hash));
  greeted = true;
  for (const listener of listeners) listener(name, data);
}

/** A node with too many listeners answers all the same: then what is shown is asked for by time, as often as the stream is tried. */
async function withoutEvents(times: number): Promise<void> {
  const answers = await fetch(inHost("/api/v1/status"), { signal: AbortSignal.timeout(ANSWER_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
  // Another one may be open by now.
  if (broken === times) {
    setNear(answers);
    if (answers) askAgain([""]);
  }
}

function hearAll(told: Told): void {
  if (told.is === "event") {
    take(told.name, told.text);
    return;
  }
  broken = told.is === "broken" ? told.times : 0;
  if (told.is === "open") setNear(true);
  else if (broken > 1) void withoutEvents(broken);
}

/** The stream of this tab alone. A browser without shared workers shows one tab at a time: those that are hidden do not listen. */
function alone(): (wish: Wish) => void {
  const wish = listen(hearAll);
  const isHidden = (): boolean => document.visibilityState === "hidden";
  const rest = (): void => {
    if (isHidden()) wish("end");
  };
  rest();
  document.addEventListener("visibilitychange", rest);
  return (it) => {
    if (!isHidden()) wish(it);
  };
}

/** The stream that all tabs share. A page that is put aside for "back" comes again as one that was hidden. */
function shared(): (wish: Wish) => void {
  const worker = new SharedWorker(new URL("./stream.worker.ts", import.meta.url), { type: "module", name: "events" });
  let wish = (it: Wish): void => worker.port.postMessage(it);
  worker.port.onmessage = ({ data }: MessageEvent<Told>) => hearAll(data);
  // It did not load.
  worker.onerror = () => {
    wish = alone();
  };
  addEventListener("pagehide", ({ persisted }) => {
    if (!persisted) wish("end");
  });
  return (it) => wish(it);
}

/** Begins to listen; call it once. */
export function beginToListen(): void {
  const wish = typeof SharedWorker === "undefined" ? alone() : shared();
  const doubt = (): void => wish("doubt");
  whenNoAnswer(doubt);
  const wake = (): void => {
    if (document.visibilityState === "visible") doubt();
  };
  document.addEventListener("visibilitychange", wake);
  addEventListener("online", wake);
}

/** Hears every event as it comes, until what it gives is called. */
export function hear(listener: Listener): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The same for a component. */
export function useEvents(listener: Listener): void {
  useEffect(() => hear(listener), [listener]);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether the node answers; `undefined` until that is known. */
export const useNear = (): boolean | undefined => useSyncExternalStore(watch, () => near);

/** Nobody answers, and what is shown is what this device kept: the first event makes all of it old. */
export function beginAway(): void {
  greeted = true;
  kept = true;
  near = false;
  for (const watcher of watchers) watcher();
}

/** Whether what is shown was kept by an earlier visit. */
export const useFromBefore = (): boolean => useSyncExternalStore(watch, () => kept);
