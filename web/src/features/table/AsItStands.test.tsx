import { screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { livesOptions, liveTableOptions } from "../../node/live";
import { matchTipsOptions, standingsOptions } from "../../node/queries";
import { show } from "../../test/show";
import { AsItStands } from "./AsItStands";

class Observer {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}

const line = (name: string, place: number, before: number, points: number) => ({
  place,
  before,
  player: { account: name.toLowerCase(), name },
  points,
});
const match = { no: 1, code: "PtEs", home: { name: "Porto" }, away: { name: "Benfica" } };
const tip = (name: string, home: number, away: number) => ({
  player: { account: name.toLowerCase(), name },
  score: { home, away },
  transaction: name,
});
const live = { match: { no: 1, code: "PtEs" }, home: 1, away: 0, minute: 63, at: "2030-01-01T13:00:00Z", from: "Ana" };

beforeEach(() => vi.stubGlobal("ResizeObserver", Observer));

it("shows what the live scores would change, and that it counts for nothing", async () => {
  await show(<AsItStands played={[{ match, live } as never]} own="ana" />, [
    [livesOptions().queryKey, { items: [live] }],
    [liveTableOptions().queryKey, { items: [line("Bruno", 1, 2, 34), line("Ana", 2, 1, 31)] }],
    [
      matchTipsOptions("PtEs").queryKey,
      [tip("Ana", 2, 2), tip("Bruno", 1, 0), { player: { account: "carla" }, sealed: true }],
    ],
    [standingsOptions({}).queryKey, { items: [line("Ana", 1, 1, 31), line("Bruno", 2, 2, 30)] }],
  ]);
  const rows = within(await screen.findByRole("table")).getAllByRole("row");
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    "#▲▼NameTipNowPoints",
    "1▲1BrBruno1:0+434",
    "2▼1AnAnayou2:231",
  ]);
  expect(screen.getByText("1:0").closest("[data-is]")?.getAttribute("data-is")).toBe("exact");
  expect(screen.getByText("2:2").closest("[data-is]")?.getAttribute("data-is")).toBe("none");
  expect(screen.getByText(/63 min/)).toBeDefined();
  expect(screen.getByText("Bruno overtakes you.")).toBeDefined();
  expect(screen.getByText(/Not a result yet: the score as last reported/)).toBeDefined();
});

it("has one’s own line in sight while that stands below the window", async () => {
  const names = Array.from({ length: 40 }, (_, index) => `P${index + 1}`);
  await show(<AsItStands played={[{ match, live } as never]} own="p34" />, [
    [livesOptions().queryKey, { items: [live] }],
    [liveTableOptions().queryKey, { items: names.map((name, index) => line(name, index + 1, index + 1, 80 - index)) }],
    [matchTipsOptions("PtEs").queryKey, [tip("P34", 1, 0)]],
    [standingsOptions({}).queryKey, { items: [] }],
  ]);
  expect((await screen.findByText("P34")).closest("[inert]")?.textContent).toMatch(/^34P3P34you1:0/);
});
