// Lists that come page after page. A node that lies names a next page for ever, or gives entries that no screen can show.

import { list, maybe, object, type Shape, text, Unreadable } from "./shape";

/** As many pages are asked for at most: of 500 entries each, more than any list of a pool has. */
export const MOST_PAGES = 200;

interface Page<Item> {
  items: Item[];
  next_cursor?: string | null;
}

const anything: Shape = object({});

/** Every entry of a list. `entry`: what each must have. */
export async function everyPage<Item>(
  ask: (cursor: string | undefined) => Promise<{ data?: Page<Item>; error?: unknown }>,
  entry: Shape = anything,
): Promise<Item[]> {
  const isPage = object({ items: list(entry), next_cursor: maybe(text) });
  const asked = new Set<string | undefined>();
  const items: Item[] = [];
  let cursor: string | undefined;
  while (!asked.has(cursor) && asked.size < MOST_PAGES) {
    asked.add(cursor);
    const { data, error } = await ask(cursor);
    if (error !== undefined) throw error;
    if (data === undefined || !isPage(data)) throw new Unreadable("a page of a list is none");
    items.push(...data.items);
    if (data.next_cursor == null) return items;
    cursor = data.next_cursor;
  }
  throw new Unreadable("a list does not end");
}
