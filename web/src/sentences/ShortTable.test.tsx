import { cleanup, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { Shapes } from "../node/client";
import { livesOptions, liveTableOptions } from "../node/live";
import { standingsOptions } from "../node/queries";
import { show } from "../test/show";
import { ShortTable } from "./ShortTable";

const match = { no: 1, code: "PtCh", status: "closed", record: null } as unknown as Shapes["MatchBody"];

const line = (name: string, place: number, points: number, before: number | null = null) => ({
  ...{ player: { account: `bolao1${name}`, name }, place, before, points, chips: 0 },
});

const REAL = { items: [line("Ana", 1, 4), line("Bruno", 2, 3)], scored: 2, players: 2 };
const LIVE = { ...REAL, items: [line("Bruno", 1, 7, 2), line("Ana", 2, 4, 1)] };
const ANSWERS = [
  [standingsOptions({}).queryKey, REAL],
  [liveTableOptions().queryKey, LIVE],
] as const;

const live = (items: object[]) => [[livesOptions().queryKey, { items }] as const, ...ANSWERS];
const read = (): string[] => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});

it("beside the matches is the table as it stands while one is played, with what that gives", async () => {
  await show(<ShortTable account="bolao1Ana" matches={[match]} />, live([{ match: { no: 1 }, home: 1, away: 0 }]));
  expect(screen.getByRole("heading").textContent).toBe("As it stands");
  const [first, second] = read();
  expect(first).toMatch(/^1.*Bruno\+4 7$/);
  expect(second).toMatch(/^2.*Ana 4$/);
  cleanup();
  await show(<ShortTable account="bolao1Ana" matches={[match]} />, live([]));
  expect(screen.getByRole("heading").textContent).toBe("Table after 2 matches");
  expect(read()[0]).toMatch(/^1.*Ana 4$/);
});
