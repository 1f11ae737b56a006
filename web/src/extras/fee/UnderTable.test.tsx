import { screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { View } from "../../features/table/View";
import { matchesOptions, poolOptions, roundsOptions, standingsOptions, votesOptions } from "../../node/queries";
import { firstOptions } from "../../sentences/useWon";
import { show } from "../../test/show";

const line = (name: string, place: number) => ({
  ...{ place, player: { account: name.toLowerCase(), name }, points: 9, exact: 1, missing: 0, chips: 0 },
});
const ITEMS = [line("Ana", 1), line("Bruno", 2)];
const MATCH = {
  ...{ no: 1, code: "M1", stage: "Round 1", kickoff: "2020-01-01T12:00:00Z", deadline: "2020-01-01T12:00:00Z" },
  ...{ home: { name: "Porto" }, away: { name: "Benfica" }, status: "final" },
};
const SHARES = [
  { place: 1, shared_by: 1, each: "52.50" },
  { place: 2, shared_by: 2, each: "17.50" },
];

interface There {
  fee?: object | null;
  scored?: number;
  round?: string;
}

const PAID = { amount: "12.50", currency: "€", paid: 7, shares: SHARES };

function shown({ fee = PAID, scored = 1, round }: There = {}) {
  const rounds = [{ stage: "Round 1", matches: [{ no: 1 }], scored, provisional: 0 }];
  const table = { items: ITEMS, scored, provisional: 0, players: 9, ...(fee !== null && { fee }) };
  return show(
    <View search={round === undefined ? {} : { round }} live={undefined} own="ana" since={() => undefined} />,
    [
      [poolOptions().queryKey, { id: "pool" }],
      [matchesOptions().queryKey, [MATCH]],
      [roundsOptions().queryKey, rounds],
      [votesOptions().queryKey, []],
      ...rounds.map((it) => [firstOptions(it).queryKey, { items: ITEMS }] as const),
      [standingsOptions({}).queryKey, table],
      [standingsOptions({ stage: "Round 1" }).queryKey, { items: ITEMS, scored, provisional: 0, players: 9 }],
    ],
  );
}

class Observer {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}

beforeEach(() => {
  vi.stubGlobal("ResizeObserver", Observer);
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});

const FEE = "Entry fee 12.50 €, paid outside the pool. 7 of 9 have paid.";

it("says who has paid, and what each place would get, also to those who do not play", async () => {
  await shown();
  await screen.findByRole("table");
  expect(screen.getByText(FEE)).toBeDefined();
  const list = screen.getByText("As the table stands:").nextElementSibling as HTMLElement;
  const shares = within(list).getAllByRole("listitem");
  expect(shares.map(({ textContent }) => textContent)).toEqual(["1st: 52.50\u00a0€", "2nd: 17.50\u00a0€ each"]);
});

it("says who has paid before there are results, when all places are the first", async () => {
  await shown({ scored: 0 });
  expect(await screen.findByText(FEE)).toBeDefined();
  expect(screen.queryByText("As the table stands:")).toBeNull();
});

it("shares nothing before anybody has paid", async () => {
  await shown({ fee: { ...PAID, paid: 0, shares: SHARES.map((share) => ({ ...share, each: "0" })) } });
  expect(await screen.findByText(/0 of 9 have paid\.$/)).toBeDefined();
  expect(screen.queryByText("As the table stands:")).toBeNull();
});

it.each([
  ["of a pool without a fee", { fee: null }],
  ["of a round", { round: "Round 1" }],
])("is not under the table %s", async (_, there) => {
  await shown(there);
  await screen.findByRole("table");
  expect(screen.queryByText(/Entry fee/)).toBeNull();
});
