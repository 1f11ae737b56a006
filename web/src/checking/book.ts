// What is drawn from the book that this device has read itself, and not from what the node says.

import { useQuery, type UseQueryResult } from "@tanstack/react-query";

import { useStore } from "../device/store";
import { nodeTime } from "../node/clock";
import type { Rules } from "../rules";
import { readBefore } from "./check";
import { last, tellBroken } from "./state";
import { isRulesError } from "./sure";

const isSame = (one: readonly unknown[], other: readonly unknown[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** What the rules of this device tell of the book, again with every block; nothing until it was read. `what`: of what that is. */
export function useBook<Data>(
  what: readonly unknown[],
  read: (rules: Rules) => Promise<Data>,
): UseQueryResult<Data> & { isRead: boolean } {
  const found = useStore(last);
  const key = ["book", ...what];
  const query = useQuery<Data>({
    queryKey: [...key, found?.checked.tip],
    enabled: found !== undefined,
    placeholderData: (before, query) =>
      query !== undefined && isSame(query.queryKey.slice(0, -1), key) ? before : undefined,
    queryFn: async () => {
      const rules = await readBefore();
      if (rules === undefined) throw new Error("the book was not read");
      try {
        return await read(rules);
      } catch (error) {
        if (isRulesError(error) && error.code === "broken-chain") tellBroken(error.message);
        throw error;
      }
    },
    retry: (count, error) => !isRulesError(error) && count < 3,
  });
  return { ...query, isRead: found !== undefined };
}

interface Page {
  items: unknown[];
  next_cursor?: string | null;
}

/** So many rows the rules give at once. */
const MOST = 500;

/** The first rows of a list, as the rules of this device answer at a path; and whether there are more. */
export async function rowsOf(rules: Rules, path: string, count: number): Promise<{ rows: unknown[]; more: boolean }> {
  const at = { now: Math.floor(nodeTime() / 1000), final: null, live: [] };
  const rows: unknown[] = [];
  let cursor: string | null | undefined;
  do {
    const query = new URLSearchParams({ limit: String(Math.min(count - rows.length, MOST)) });
    if (cursor != null) query.set("cursor", cursor);
    const page = JSON.parse((await rules.ask(`${path}?${query}`, at)) ?? '{"items":[]}') as Page;
    rows.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor != null && rows.length < count);
  return { rows, more: cursor != null };
}
