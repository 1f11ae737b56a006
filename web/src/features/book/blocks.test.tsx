import { act, cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it, vi } from "vitest";

import { broken, check, last } from "../../checking/state";
import { $node } from "../../node/client";
import { matchesOptions, poolOptions } from "../../node/queries";
import type { BookBlock, Checked, MadeBlock } from "../../rules";
import { show, type Answer } from "../../test/show";
import { beginToSpeak } from "../../words/languages";
import { Place as Block } from "./block";
import { Blocks } from "./Blocks";

const ANA = { account: "bolao1ana", name: "Ana" };
const COUNT = 60;
const JOINS = { template: "{who} joins the pool.", values: { who: { player: ANA } } };

const of = (height: number): BookBlock => ({
  height,
  hash: `h${height}`,
  previous: height === 0 ? null : `h${height - 1}`,
  next: height + 1 < COUNT ? `h${height + 1}` : null,
  time: "2030-06-05T12:00:00Z",
  transactions: height % 2,
});

const made = vi.fn<() => Promise<MadeBlock>>();
const rules = {
  blocks: (below: number | null, limit: number) =>
    Promise.resolve(
      Array.from({ length: below ?? COUNT }, (_, height) => of(height))
        .reverse()
        .slice(0, limit),
    ),
  block: (which: string) => Promise.resolve(which.startsWith("h") ? of(Number(which.slice(1))) : null),
  made: () => made(),
  ask: (path: string) =>
    Promise.resolve(
      JSON.stringify({
        items: path.startsWith("/api/v1/blocks/h7/")
          ? [{ id: "t", signature: "s", player: ANA, action: { type: "join", name: "Ana" }, says: JOINS }]
          : [],
      }),
    ),
};
vi.mock(import("../../checking/check"), async (original) => ({
  ...(await original()),
  readBefore: () => Promise.resolve(rules as never),
}));

const fetch = vi.fn(() => Promise.reject(new TypeError("away")));

beforeAll(beginToSpeak);

beforeEach(() => {
  cleanup();
  fetch.mockClear();
  vi.stubGlobal("fetch", fetch);
  broken.set(undefined);
  made.mockReset().mockResolvedValue({ miner: ANA, signers: [ANA], merkle_root: "m", bits: "b", nonce: 1, version: 2 });
  last.set({ pool: "pool", checked: { tip: "h59", final: 50, height: 59 } as Checked, at_s: 0, table: true });
  check.set({ is: "done" });
});

const COMMON: Answer[] = [
  [poolOptions().queryKey, { id: "pool", organisers: [] }],
  [matchesOptions().queryKey, []],
];

it("draws blocks from what this device has read, whatever the node says, and earlier ones on a tap", async () => {
  await show(<Blocks />, COMMON);
  await screen.findByText("59");
  expect(screen.getAllByRole("link")).toHaveLength(5);
  expect(screen.getAllByLabelText("Not confirmed yet")).toHaveLength(5);
  await userEvent.click(screen.getByRole("button", { name: "Earlier" }));
  await screen.findByText("5");
  expect(screen.getAllByRole("link")).toHaveLength(55);
  expect(screen.getAllByLabelText("Confirmed")).toHaveLength(46);
  expect(fetch).not.toHaveBeenCalled();
});

it("draws no block before this device has read the pool, and says so where it does not", async () => {
  last.set(undefined);
  await show(<Blocks />, COMMON);
  expect(screen.queryByRole("link")).toBeNull();
  act(() => check.set({ is: "off", reason: "metered" }));
  expect(screen.getByText(/hasn’t read the pool yet/)).toBeDefined();
  expect(screen.getByRole("button", { name: "Check now" })).toBeDefined();
});

it("draws a block with what it holds, who made it and who confirmed it", async () => {
  await show(<Block block="h7" />, COMMON);
  await screen.findByText(/joined the pool/);
  expect((await screen.findByText(/Made by/)).textContent).toBe("Made by Ana, confirmed by Ana.");
  expect(screen.getByText("Confirmed")).toBeDefined();
  expect(fetch).not.toHaveBeenCalled();
});

it("tells bytes that are not those of the block, and draws nothing of them", async () => {
  made.mockRejectedValue(Object.assign(new Error("another block"), { code: "broken-chain" }));
  await show(<Block block="h7" />, COMMON);
  await vi.waitUntil(() => broken.get() === "another block");
  expect(screen.queryByText(/Made by/)).toBeNull();
});

it("says of a block that is not in the book that only the pool’s computer knows it", async () => {
  const { queryKey } = $node.queryOptions("get", "/api/v1/blocks/{block}", { params: { path: { block: "x9" } } });
  await show(<Block block="x9" />, [...COMMON, [queryKey, { hash: "x9", height: 9, time: "2030-06-05T12:00:00Z" }]]);
  const said = await screen.findByText(/Block 9/);
  expect(said.closest("[data-according]")?.textContent).toContain("According to the pool’s computer");
  expect(screen.getByText(/is not in the pool that this device has checked/)).toBeDefined();
});
