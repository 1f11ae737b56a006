// Lists that come page after page. A node that lies names a next page for ever, or gives entries that no screen can show.

import { list, maybe, object, type Shape, text, Unreadable } from "./shape";

/** So many pages are asked for at most, which hold more than any list of a pool has. */
export const MOST_PAGES = 200;

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

const anything: Shape = object({});

/** So many entries a page has at most. */
export const LIMIT = 500;

/** Every entry of a list, which is asked for by a query for each page. `entry`: what each must have. */
export async function everyPage<Item>(
  ask: (query: { limit: number; cursor?: string }) => Promise<{ data?: Page<Item>; error?: unknown }>,
  entry: Shape = anything,
): Promise<Item[]> {
  const isPage = object({ items: list(entry), next_cursor: maybe(text) });
  const asked = new Set<string | undefined>();
  const items: Item[] = [];
  let cursor: string | undefined;
  while (!asked.has(cursor) && asked.size < MOST_PAGES) {
    asked.add(cursor);
    const { data, error } = await ask({ limit: LIMIT, ...(cursor !== undefined && { cursor }) });
    if (error !== undefined) throw error;
    if (data === undefined || !isPage(data)) throw new Unreadable("a page of a list is none");
    items.push(...data.items);
    if (data.next_cursor == null) return items;
    cursor = data.next_cursor;
  }
  throw new Unreadable("a list does not end");
}
