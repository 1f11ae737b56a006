import { QueryClient } from "@tanstack/react-query";
import createFetchClient, { type Middleware } from "openapi-fetch";
import createQueries from "openapi-react-query";

import { address, inPage } from "../device/address";
import { learnTime, nodeTime } from "./clock";
import { hear, miss } from "./heard";
import { inTime } from "./inTime";
import { learnWhetherOutside } from "./outside";
import type { components, paths } from "./schema";
import { Unreadable } from "./shape";

/** The shapes of the node's answers. */
export type Shapes = components["schemas"];

/** Why the node did not do what was asked: its own words, with a stable code. */
export type Problem = Shapes["Problem"];

export const isProblem = (error: unknown): error is Problem =>
  typeof error === "object" && error !== null && "code" in error && "detail" in error;

/** What a node answers that has too much to do. */
const BUSY = [429, 503];

export const isBusyStatus = (status: number): boolean => BUSY.includes(status);

/** The node turned a request away before it read it. */
export class TurnedAway extends TypeError {}

/** Whether the node had too much to do, so that the same may be answered in a moment. */
export const isBusy = (error: unknown): boolean =>
  error instanceof TurnedAway ||
  (isProblem(error) && isBusyStatus(error.status)) ||
  (error instanceof Error && "busy" in error && error.busy === true);

/** Asks a busy node again by itself: for some 45 seconds, less and less often. */
export const whileBusy = {
  retry: (count: number, error: Error): boolean => isBusy(error) && count < 6,
  retryDelay: (count: number): number => Math.min(1000 * 2 ** count, 15_000),
};

/** So long is waited for the whole of an answer: what waits for its turn waits for it. */
const ANSWER_MS = 30_000;

/** When a request was sent, also by this page's clock; when its answer began, and the answer. */
const times = new WeakMap<Request, { sent_ms: number; at_ms: number; heard_ms: number; text?: string }>();

/**
 * What no honest node writes, and screens would show otherwise than the rules read it: a field that is inherited once answers are
 * merged, and a character in digits, but for the control characters.
 */
const TWO_FACED = /"__proto__"\s*:|[^\\](?:\\\\)*\\u(?!00[01])/;

/** Every answer is asked for: one that the browser has kept would be said again by nobody. */
const AFRESH = "no-cache";

function fetchWhole(request: Request): Promise<Response> {
  const sent_ms = Date.now();
  const at_ms = performance.now();
  return inTime(
    ANSWER_MS,
    async (signal) => {
      const response = await fetch(request, { signal, cache: AFRESH });
      const time = { sent_ms, at_ms, heard_ms: Date.now() };
      times.set(request, time);
      // Of a 204 Chromium gives a body all the same.
      if (response.body === null || response.status === 204) return response;
      const text = await response.text();
      if (TWO_FACED.test(text)) throw new Unreadable("an answer that reads in two ways");
      times.set(request, { ...time, text });
      return new Response(text, response);
    },
    request.signal,
  );
}

/** Remembers what came of a question, for the check: every answer that a screen may read. */
function remember(request: Request, schemaPath: string, response?: Response): void {
  if (request.method !== "GET" || request.signal.aborted) return;
  const { pathname, search } = new URL(request.url);
  const number = (header: string): number | undefined => {
    const told = Number(response?.headers.get(header) ?? NaN);
    return Number.isSafeInteger(told) ? told : undefined;
  };
  const { at_ms = performance.now(), text = "" } = times.get(request) ?? {};
  const one = {
    path: inPage(pathname) + search,
    schemaPath,
    text,
    tip: response?.headers.get("bolao-tip") ?? undefined,
    now_s: number("bolao-now"),
    final: number("bolao-final"),
    sent_ms: at_ms,
    came_s: Math.floor(nodeTime() / 1000),
  };
  if (response?.ok === true && text !== "") hear(one);
  else miss(one);
}

let noAnswer = (): void => undefined;

/** Does something whenever a request gets no answer. */
export function whenNoAnswer(listener: () => void): void {
  noAnswer = listener;
}

/** Why an answer is none of the node's, if it is none. */
function unanswered({ status, headers }: Response): TypeError | undefined {
  if (headers.get("content-type")?.includes("json") === true) return undefined;
  if (isBusyStatus(status)) return new TurnedAway(`turned away: ${status}`);
  // Something between here and the node answers for it: that is no answer, as where `fetch` fails.
  return status >= 500 ? new TypeError(`no answer: ${status}`) : undefined;
}

const answers: Middleware = {
  onResponse({ request, response, schemaPath }) {
    if (!response.ok) remember(request, schemaPath, response);
    const none = unanswered(response);
    if (none !== undefined) {
      if (!isBusy(none)) noAnswer();
      throw none;
    }
    learnWhetherOutside(schemaPath, response.status);
    const time = times.get(request);
    if (time !== undefined) learnTime(response.headers.get("date"), time.sent_ms, time.heard_ms);
    if (response.ok) remember(request, schemaPath, response);
  },
  onError({ request, schemaPath, error }) {
    remember(request, schemaPath);
    if (error instanceof TypeError && !isBusy(error)) noAnswer();
  },
};

/** The node that this page comes from. */
export const node = createFetchClient<paths>({ baseUrl: address, fetch: fetchWhole });
node.use(answers);

export type Node = typeof node;

/** The node of the pool whose page lies at another path of this host, such as `/p/office/`. */
export function nodeAt(path: string): Node {
  const there = createFetchClient<paths>({
    baseUrl: new URL(path, address).href.replace(/\/$/, ""),
    fetch: fetchWhole,
  });
  there.use({
    onResponse({ response }) {
      const none = unanswered(response);
      if (none !== undefined) throw none;
    },
  });
  return there;
}

/** Asks for the same once more, by its path with its query. */
export async function hearAgain(path: string): Promise<void> {
  const { error } = await node.GET(path as "/api/v1/pool");
  if (error !== undefined) throw error;
}

/** The same, for components: `$node.useQuery("get", "/api/v1/pool")`. */
export const $node = createQueries(node);

/** What is answered in the same way if it is asked again. */
const quick = (error: unknown): boolean =>
  error instanceof Unreadable || (isProblem(error) && error.status < 500 && error.status !== 429);

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What changes is told by the node's events (`events.ts`).
      staleTime: Infinity,
      gcTime: 10 * 60_000,
      retry: (count, error) => !quick(error) && count < 3,
      networkMode: "always",
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
    },
    mutations: { networkMode: "always" },
  },
});
