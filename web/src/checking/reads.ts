// What the check reads of the answers that screens show, and whether screens show others since.

import { hashKey, type QueryKey, type UseQueryOptions } from "@tanstack/react-query";

import { isProblem, queries } from "../node/client";

/** How the node is asked for something. */
export type Asking<Data, Key extends QueryKey> = Pick<UseQueryOptions<Data, Error, Data, Key>, "queryKey" | "queryFn">;

/** What is asked for is not there, and nothing of it is shown: a round of another name in the address. */
export class Absent extends Error {}

/** What the check has read last, by what was asked. */
const taken = new Map<string, unknown>();

/** A pass of the check begins: what it compares is what it reads from here on. */
export const takeAnew = (): void => taken.clear();

/** What is shown of a query, for the check to compare; `ask` has it asked first. */
export async function takes<Data>(queryKey: QueryKey, ask?: () => Promise<unknown>): Promise<Data | undefined> {
  try {
    await ask?.();
  } catch (error) {
    const nothing = queries.getQueryData(queryKey) === undefined && isProblem(error) && error.status === 404;
    throw nothing ? new Absent("the node has no such thing", { cause: error }) : error;
  }
  const data = queries.getQueryData<Data>(queryKey);
  taken.set(hashKey(queryKey), data);
  return data;
}

/** The answer as screens show it, or asked again. */
export async function known<Data, Key extends QueryKey>(options: Asking<Data, Key>, fresh: boolean): Promise<Data> {
  const { queryKey, queryFn } = options;
  // What is on its way may be from before the last block.
  if (fresh) await queries.cancelQueries({ queryKey, exact: true });
  let answer: Data | undefined;
  const shown = await takes<Data>(queryKey, async () => {
    answer = await queries.query({ queryKey, queryFn, staleTime: fresh ? 0 : Infinity });
  });
  return shown ?? (answer as Data);
}

const others = (): boolean => {
  const cache = queries.getQueryCache();
  return [...taken].some(([hash, data]) => {
    const query = cache.get(hash);
    return query !== undefined && query.state.data !== data;
  });
};

/**
 * Does something when screens show other answers than the check has read, whatever made them be asked again: no event of the node's
 * is needed. What the check itself asks for is none of these. Some that come together are one.
 */
export function whenOthersCome(listener: () => void, together_ms: number): () => void {
  let soon: ReturnType<typeof setTimeout> | undefined;
  return queries.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || !taken.has(event.query.queryHash)) return;
    soon ??= setTimeout(() => {
      soon = undefined;
      if (others()) listener();
    }, together_ms);
  });
}
