// The answers that screens show, as the node gave them: of each query those that came while it was last asked to its end.

import type { Query, QueryKey } from "@tanstack/react-query";

import { hearAgain, isProblem, queries } from "../node/client";
import { pathOf } from "../node/events";
import { heard, type Heard, heardOf, missedOf } from "../node/heard";
import { livesOptions } from "../node/live";
import { isNodesWord, LIVE_TABLE } from "./look";
import { check } from "./state";
import type { Question } from "./sure";

const cache = queries.getQueryCache();

/** When a query was asked last, by this page's clock. */
const asks_ms = new WeakMap<Query, number>();

/** What the check has looked at last, by path. */
const looked = new Map<string, string>();

/** A pass of the check begins: what it looks at is what it takes from here on. */
export const lookAnew = (): void => looked.clear();

export const isLookedAt = (path: string): boolean => looked.has(path);

function take(answers: Heard[]): Heard[] {
  for (const { path, text } of answers) if (text !== "") looked.set(path, text);
  return answers;
}

const isAbsent = (error: unknown): boolean => isProblem(error) && error.status === 404;

/** The answers that a query shows, as they were when they came: further ones of its path may be other screens'. None, if it asked nobody. */
const shownBy = new WeakMap<Query, readonly Heard[]>();

/** What was heard of what a query shows; without a text where no answer came to what it shows, or shows instead. */
function answersOf(query: Query): Heard[] {
  const path = pathOf(query.queryKey);
  if (query.state.data !== undefined) {
    const shown = shownBy.get(query);
    if (shown !== undefined) return [...shown];
    // It was kept from an earlier visit.
    return [...heardOf(path), ...missedOf(path)].slice(-1).map((one) => ({ ...one, text: "" }));
  }
  const failed = query.state.fetchFailureReason !== null || query.state.error !== null;
  return failed ? missedOf(path).filter(({ sent_ms }) => sent_ms >= (asks_ms.get(query) ?? Infinity)) : [];
}

/** Whether all that was heard of a query's path is the node's own word. */
function isNodes({ queryKey }: Query): boolean {
  const all = [...heardOf(pathOf(queryKey)), ...missedOf(pathOf(queryKey))];
  return all.length > 0 && all.every(isNodesWord);
}

async function askAgain(query: Query): Promise<void> {
  // What is on its way may be from before the last block.
  await queries.cancelQueries({ queryKey: query.queryKey, exact: true });
  try {
    await query.fetch();
  } catch (error) {
    if (!isAbsent(error)) throw error;
    // It is there no more, as after a reorganisation.
    query.reset();
  }
}

/** The table as it stands rests on the scores: both are asked for, and count if nobody scored meanwhile. */
async function askTable(again: () => Promise<void>): Promise<void> {
  const scores = async (): Promise<string | undefined> => {
    await queries.query({ ...livesOptions(), staleTime: 0 });
    return heard.get(pathOf(livesOptions().queryKey))?.text;
  };
  const before = await scores();
  await again();
  if ((await scores()) !== before) throw new Error("somebody has just scored");
}

const again = (path: string, ask: () => Promise<void>): Promise<void> => (path === LIVE_TABLE ? askTable(ask) : ask());

const questionOf = (query: Query): Question => ({
  read: async (fresh) => {
    if (isNodes(query)) return [];
    if (fresh) await again(pathOf(query.queryKey), () => askAgain(query));
    else if (query.state.fetchStatus !== "idle" || !shownBy.has(query)) await query.fetch().catch(() => undefined);
    return take(answersOf(query));
  },
});

/** What is asked for wherever the reader looks. */
interface Asked {
  queryKey: QueryKey;
  ask: () => Promise<unknown>;
}

const always = ({ queryKey, ask }: Asked): Question => ({
  read: async (fresh) => {
    if (!fresh) await ask();
    const query = cache.find({ queryKey, exact: true });
    return query === undefined ? [] : questionOf(query).read(fresh);
  },
});

/** An answer of which nobody knows any more who shows it. */
export const alone = (path: string): Question => ({
  read: async (fresh) => {
    if (fresh || !heard.has(path)) await again(path, () => hearAgain(path));
    const one = heard.get(path);
    // Whoever goes back there asks for it anew.
    queries.removeQueries({ predicate: (query) => pathOf(query.queryKey) === one?.schemaPath && !query.isActive() });
    return one === undefined ? [] : take([one]);
  },
});

/** What this device keeps by itself is no answer. */
const isShown = (query: Query): boolean =>
  query.isActive() && pathOf(query.queryKey) !== "" && !query.queryKey.includes("kept here");

/** What is to be compared: what screens show, and besides what is asked for everywhere. */
export function questions(everywhere: readonly Asked[]): Question[] {
  const keys = new Set(everywhere.map(({ queryKey }) => cache.find({ queryKey, exact: true })));
  const others = cache.getAll().filter((query) => isShown(query) && !keys.has(query));
  return [...everywhere.map(always), ...others.map(questionOf)];
}

/** Whether a screen shows the answer to this. */
export const isOnScreen = (queryKey: QueryKey): boolean => cache.find({ queryKey, exact: true })?.isActive() === true;

/** Whether the check has not looked at an answer; one that did not come ends the green. */
function isNew(one: Heard): boolean {
  if (isNodesWord(one)) return false;
  return one.text === "" ? check.get().is === "done" : looked.get(one.path) !== one.text;
}

/** Whether a query shows what nobody has answered since the page stands: it was kept from an earlier visit. */
const isKept = (query: Query): boolean =>
  query.state.data !== undefined &&
  query.state.fetchStatus === "idle" &&
  query.state.error === null &&
  !shownBy.has(query) &&
  !isNodes(query);

const waits = new WeakSet<Query>();

/** Whether a query has begun to wait for its first answer: what stands there until then may be another one's. */
function isWaiting(query: Query): boolean {
  if (query.state.data !== undefined || query.state.fetchStatus !== "fetching" || waits.has(query)) return false;
  waits.add(query);
  return true;
}

/** Does something when screens show other answers than the check has looked at, whatever had them asked again. Some that come together are one. */
export function whenOthersCome(listener: () => void, together_ms: number): void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  cache.subscribe(({ type, query }) => {
    if ((type !== "updated" && type !== "observerAdded") || pathOf((query as Query).queryKey) === "") return;
    soon ??= setTimeout(() => {
      soon = undefined;
      const all = cache.findAll({ predicate: isShown });
      if (all.some(isKept) || all.some(isWaiting) || all.flatMap(answersOf).some(isNew)) listener();
    }, together_ms);
  });
}

cache.subscribe((event) => {
  if (event.type !== "updated") return;
  const { action } = event;
  const query = event.query as Query;
  // A further page is asked for beside those that are shown.
  if (action.type === "fetch" && action.meta?.fetchMore === undefined) asks_ms.set(query, performance.now());
  const at_ms = asks_ms.get(query);
  if (action.type !== "success" || action.manual === true || at_ms === undefined) return;
  shownBy.set(
    query,
    heardOf(pathOf(query.queryKey)).filter(({ text, sent_ms }) => text !== "" && sent_ms >= at_ms),
  );
});
