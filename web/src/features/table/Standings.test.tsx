import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { matchesOptions, poolOptions, roundsOptions, standingsOptions, type Slice } from "../../node/queries";
import { show } from "../../test/show";
import { Standings } from "./Standings";

vi.mock("../../checking/useAsked", () => ({ useAsked: () => undefined }));

const line = { place: 1, player: { account: "bruno", name: "Bruno" }, points: 30 };
const shown = (slice: Slice) =>
  show(<Standings slice={slice} own={undefined} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [
      matchesOptions().queryKey,
      [
        { no: 1, code: "PtEs", kickoff: "2030-01-01T12:00:00Z" },
        { no: 2, code: "FrDe" },
      ],
    ],
    [roundsOptions().queryKey, [{ stage: "Final" }]],
    [standingsOptions(slice).queryKey, { items: [line], scored: 1, provisional: 0 }],
  ]);

it.each([
  ["a match in other letters", { from: "ptes" }, "No such match"],
  ["a match without a kick-off", { from: "FrDe" }, "No such match"],
  ["a round that the pool has not", { stage: "x".repeat(80) }, "No such round"],
])("shows nothing of a table of %s", async (_, slice, title) => {
  await shown(slice);
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
  await shown({ from: "PtEs" });
  expect(await screen.findByRole("table")).toBeDefined();
});
