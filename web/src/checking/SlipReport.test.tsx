import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { playerBetsOptions, playerOptions, poolOptions } from "../node/queries";
import { RulesError, type Rules, type SlipReport as Report } from "../rules";
import { show } from "../test/show";
import type { agreed } from "./agreed";
import { SlipReport } from "./SlipReport";
import { last } from "./state";

const agrees = vi.fn<typeof agreed>(() => Promise.resolve(undefined));
vi.mock("./agreed", () => ({ agreed: (...of: Parameters<typeof agreed>) => agrees(...of) }));

const NODES = { match: { no: 1 }, transaction: "ff", score: { home: 0, away: 9 } };
const report = {
  pool: "pool",
  pool_name: "Our cup",
  id: "ff",
  account: "bolao1ana",
  action: { tips: [{ match_no: 1, stake: 0 }] },
  block: "b",
  height: 6,
  clock: 0,
  proven: { by: "work", blocks_above: 1 },
  matches: [],
} as unknown as Report;

const verifySlip = vi.fn<() => Promise<Report>>().mockResolvedValue(report);
const standings = vi.fn<() => Promise<object[]>>();
vi.mock(import("../rules"), async (original) => ({
  ...(await original()),
  load: () => Promise.resolve({ verifySlip, standings } as unknown as Rules),
}));

const open = (transaction: string) =>
  show(<SlipReport text="{}" wanted={{ transaction, account: "bolao1ana" }} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [playerOptions("bolao1ana").queryKey, { name: "Clara" }],
    [playerBetsOptions("bolao1ana").queryKey, [NODES]],
  ]);

const ANOTHER = /not for the tip you asked about/;

it("says aloud that a receipt is of something else than was asked for", async () => {
  await open("ee");
  expect(await screen.findByText(ANOTHER)).toBeDefined();
});

it("names who signed as the book that was checked here does, not as the node does", async () => {
  standings.mockResolvedValue([{ account: "bolao1ana", name: "Ana" }]);
  await open("ff");
  expect((await screen.findByText(/Signed by/)).textContent).toBe("Signed by bolao1ana");
  expect(screen.queryByText(ANOTHER)).toBeNull();
  last.set({ checked: { tip: "t" } as never, at_s: 0, table: true });
  expect(await screen.findByRole("link", { name: "Ana" })).toBeDefined();
});

it.each([
  ["bad-slip", /It was changed/],
  ["slip-ahead", /dated in the future/],
  ["newer-slip", /a newer version of Bolao/],
])("says in its own words why a receipt proves nothing: %s", async (code, says) => {
  verifySlip.mockRejectedValueOnce(new RulesError(code, "raw words"));
  await open("ff");
  expect(await screen.findByText(says)).toBeDefined();
  expect(screen.queryByText(/raw words/)).toBeNull();
});

it("shows of a sealed tip the score that the book opens, not the node’s", async () => {
  last.set({ checked: { tip: "u" } as never, at_s: 0, table: true });
  await open("ff");
  expect(await screen.findByText("Hidden")).toBeDefined();
  expect(screen.queryByText("0:9")).toBeNull();
  agrees.mockResolvedValue({ items: [{ ...NODES, score: { home: 2, away: 1 } }] } as never);
  last.set({ checked: { tip: "v" } as never, at_s: 0, table: true });
  expect(await screen.findByText("2:1")).toBeDefined();
});
