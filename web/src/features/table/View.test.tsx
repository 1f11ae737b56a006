import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import {
  matchesOptions,
  poolOptions,
  roundsOptions,
  standingsOptions,
  votesOptions,
  type Slice,
} from "../../node/queries";
import { show } from "../../test/show";
import { View } from "./View";

const line = { place: 1, player: { account: "bruno", name: "Bruno" }, points: 30, exact: 2, missing: 0, chips: 10 };
const GAMES = [
  {
    no: 1,
    code: "PtEs",
    kickoff: "2030-01-01T12:00:00Z",
    home: { name: "Portugal" },
    away: { name: "Spain" },
    stage: "Final",
  },
  { no: 2, code: "FrDe", home: { name: "France" }, away: { name: "Germany" }, stage: "Final" },
];
const ROUND = { stage: "Final", matches: [{ no: 1 }, { no: 2 }], scored: 1, provisional: 0 };

/** What the address asks for, as the node is asked for it. */
const sliceOf = ({ round, since }: { round?: string; since?: string }): Slice => ({
  ...(round !== undefined && { stage: round }),
  ...(since !== undefined && { from: since }),
});

const shown = (search: { round?: string; since?: string; grid?: string }) =>
  show(<View search={search} live={undefined} own={undefined} since={() => undefined} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [matchesOptions().queryKey, GAMES],
    [roundsOptions().queryKey, [ROUND]],
    [votesOptions().queryKey, []],
    [standingsOptions(sliceOf(search)).queryKey, { items: [line], scored: 1, provisional: 0 }],
  ]);

it.each([
  ["a match in other letters", { since: "ptes" }, "No such match"],
  ["a match without a kick-off", { since: "FrDe" }, "No such match"],
  ["tips of a round that the pool has not", { grid: "Nonsense" }, "No such round"],
  ["a round that the pool has not", { round: "x".repeat(80) }, "No such round"],
])("shows nothing of a table of %s", async (_, search, title) => {
  await shown(search);
  expect(await screen.findByText(title)).toBeDefined();
  expect(screen.queryByRole("table")).toBeNull();
});

class Observer {
  observe = () => undefined;
  unobserve = () => undefined;
  disconnect = () => undefined;
}

it("shows the table of a match that the pool has", async () => {
  vi.stubGlobal("ResizeObserver", Observer);
  await shown({ since: "PtEs" });
  expect(await screen.findByRole("table")).toBeDefined();
});
