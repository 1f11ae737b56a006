import { expect, it, vi } from "vitest";

import { everyPage, MOST_PAGES } from "./pages";
import { object, text, Unreadable } from "./shape";

const answers = (page: (cursor: string | undefined) => unknown) =>
  vi.fn(({ cursor }: { cursor?: string }) => Promise.resolve({ data: page(cursor) as { items: { code: string }[] } }));

it("gives the entries of every page", async () => {
  const ask = answers((cursor) =>
    cursor === undefined ? { items: [{ code: "A" }], next_cursor: "b" } : { items: [{ code: "B" }] },
  );
  expect(await everyPage(ask)).toEqual([{ code: "A" }, { code: "B" }]);
});

it("follows no list that leads back to a page, or never ends", async () => {
  const again = answers(() => ({ items: [], next_cursor: "a" }));
  await expect(everyPage(again)).rejects.toThrow(Unreadable);
  expect(again).toHaveBeenCalledTimes(2);
  let page = 0;
  const endless = answers(() => ({ items: [], next_cursor: String(++page) }));
  await expect(everyPage(endless)).rejects.toThrow(Unreadable);
  expect(endless.mock.calls.length).toBeLessThanOrEqual(MOST_PAGES + 1);
});

it.each([
  ["nothing", undefined],
  ["null", null],
  ["no entries", {}],
  ["entries that are none", { items: [null] }],
  ["a cursor that is no text", { items: [], next_cursor: {} }],
  ["an entry that lacks what it needs", { items: [{ code: 1 }] }],
])("takes no page with %s", async (_, page) => {
  await expect(
    everyPage(
      answers(() => page),
      object({ code: text }),
    ),
  ).rejects.toThrow(Unreadable);
});

it("throws what the node says", async () => {
  const problem = { code: "busy", detail: "busy", status: 503 };
  await expect(everyPage(() => Promise.resolve({ error: problem }))).rejects.toBe(problem);
});
