import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { View } from "../../features/table/View";
import { matchesOptions, poolOptions, roundsOptions, standingsOptions, votesOptions } from "../../node/queries";
import { firstOptions } from "../../sentences/useWon";
import { show } from "../../test/show";

const REF = (name: string) => ({ account: name.toLowerCase(), name });
const line = (name: string, place: number, wins?: number) => ({
  ...{ place, player: REF(name), points: 30, exact: 2, missing: 0, chips: 10 },
  ...(wins !== undefined && { wins }),
});
const won = (stage: string, names: string[], shared_by = names.length) => ({
  ...{ stage, points: 9, shared_by },
  players: names.map(REF),
});

const ITEMS = [line("Bruno", 1, 1_081_080), line("Ana", 2, 720_720), line("Carla", 3, 0)];
const WON = [won("Matchday 2", ["Bruno"]), won("Matchday 1", ["Bruno", "Ana"]), won("Final", ["Dora", "Bruno"], 12)];

const MATCHES = [1, 2].map((no) => ({
  ...{
    no,
    code: `M${no}`,
    stage: `Matchday ${no}`,
    kickoff: `2020-01-0${no}T12:00:00Z`,
    deadline: "2020-01-01T12:00:00Z",
  },
  ...{ home: { name: "Porto" }, away: { name: "Benfica" }, status: "final" },
  record: { outcome: { status: "played" }, score: { home: 1, away: 0 }, provisional: false, objections: 0 },
}));
const ROUNDS = MATCHES.map(({ no, stage }) => ({ stage, matches: [{ no }], scored: 1, provisional: 0 }));

interface There {
  items?: object[];
  won?: object[];
  round?: string;
}

const shown = ({ items = ITEMS, won: all, round }: There) =>
  show(
    <View search={round === undefined ? {} : { round }} live={undefined} own="ana" since={() => undefined} />,
    [
      [poolOptions().queryKey, { id: "pool" }],
      [matchesOptions().queryKey, MATCHES],
      [roundsOptions().queryKey, ROUNDS],
      [votesOptions().queryKey, []],
      ...ROUNDS.map((it) => [firstOptions(it).queryKey, { items: [line("Bruno", 1)] }] as const),
      [
        standingsOptions(round === undefined ? {} : { stage: round }).queryKey,
        { items, scored: 2, provisional: 0, ...(all !== undefined && { won: all }) },
      ],
    ],
    "/table",
  );

class Observer {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}

beforeEach(() => vi.stubGlobal("ResizeObserver", Observer));

const strip = () => screen.queryByRole("list", { name: "Rounds won" });
const head = async () =>
  within(await screen.findByRole("table"))
    .getAllByRole("columnheader")
    .map(({ textContent }) => textContent);

it("has a column of rounds won beside the points, whole ones and shares", async () => {
  await shown({ won: WON });
  expect((await head()).slice(-2)).toEqual(["Rounds", "Points"]);
  const rows = within(screen.getByRole("table")).getAllByRole("row").slice(1);
  const cells = rows.map((row) => within(row).getAllByRole("cell").at(-2));
  expect(cells.map((cell) => cell?.firstChild?.textContent)).toEqual(["1½", "1", "0"]);
  expect(cells.map((cell) => cell?.lastChild?.textContent)).toEqual(["1½ rounds won", "1 round won", "0 rounds won"]);
  expect(screen.getByText("last five · rounds · points")).toBeDefined();
});

it.each([
  ["a pool that does not go by it", { items: [line("Bruno", 1)] }],
  ["a round", { round: "Matchday 1", won: WON }],
])("has none in the table of %s, nor a strip", async (_, there) => {
  await shown(there);
  expect(await head()).not.toContain("Rounds");
  expect(strip()).toBeNull();
});

it.each([
  ["none where the column says it", ITEMS, 0],
  ["some where there is no column", [line("Bruno", 1)], 1],
])("leaves crowns: %s", async (_, items, crowns) => {
  await shown({ items, won: [] });
  await head();
  expect(screen.queryAllByText("2 rounds won")).toHaveLength(crowns);
  expect(screen.queryAllByText("round won")).toHaveLength(crowns);
});

it("has no strip where no round is won", async () => {
  await shown({ won: [] });
  expect(await head()).toContain("Rounds");
  expect(strip()).toBeNull();
});

it("shows who won which round in their order, one’s own first and set off", async () => {
  await shown({ won: WON });
  await head();
  const chips = within(screen.getByRole("list", { name: "Rounds won" })).getAllByRole("link");
  expect(chips.map(({ textContent }) => textContent)).toEqual([
    "Matchday 2 · Bruno",
    "Matchday 1 · Ana +1",
    "Final · Dora +11",
  ]);
  expect(chips.map(({ ariaLabel }) => ariaLabel)).toEqual([
    "Matchday 2: Bruno",
    "Matchday 1: Ana and 1 other",
    "Final: Dora and 11 others",
  ]);
  expect(chips.map((chip) => chip.querySelector("[data-mine]") !== null)).toEqual([false, true, false]);
});

it("has the last one in sight, and opens the round that is tapped", async () => {
  vi.spyOn(Element.prototype, "scrollWidth", "get").mockReturnValue(900);
  await shown({ won: WON });
  await head();
  expect(strip()?.scrollLeft).toBe(900);
  fireEvent.click(screen.getByRole("link", { name: "Matchday 1: Ana and 1 other" }));
  expect(location.pathname + location.search).toBe("/table?round=Matchday+1");
});
