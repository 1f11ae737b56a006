import { expect, it, vi } from "vitest";

const openPool = vi.fn((_genesis: string, id: string) => Promise.resolve({ id }));

vi.mock("../rules", () => ({ load: () => Promise.resolve({ openPool, said: () => Promise.resolve([]) }) }));

it("a page that was loaded signs for one pool, whatever the node names later", async () => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response("{}")));
  const { openedPool } = await import("./signer");
  expect((await openedPool("one")).pool).toEqual({ id: "one" });
  await expect(openedPool("other")).rejects.toMatchObject({ code: "other-pool" });
  expect((await openedPool("one")).pool).toEqual({ id: "one" });
  expect(openPool).toHaveBeenCalledOnce();
});
