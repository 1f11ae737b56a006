import { cleanup, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { isScoring, Points } from "./Points";

const line = (exact: number, difference: number, tendency: number) => ({ exact, difference, tendency });

const figures = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

async function looks(scoring: object): Promise<string[]> {
  expect(isScoring(scoring)).toBe(true);
  await show(<Points scoring={scoring} />);
  return figures();
}

const rows = () =>
  screen
    .getAllByRole("row")
    .map((row) => [...row.querySelectorAll("th, td")].map(({ textContent }) => textContent).join(" "));

it.each([
  [line(4, 3, 2), ["4exact score", "3goal difference", "2right winner or draw"]],
  [line(5, 2, 2), ["5exact score", "2right winner or draw"]],
  [{ ...line(5, 4, 3), draw: 4 }, ["5exact score", "4goal difference", "3right winner or draw"]],
  [
    { ...line(10, 7, 5), draw: 5, winner_goals: 7, loser_goals: 7 },
    ["10exact score", "7goal difference", "5right winner or draw"],
  ],
  [
    { ...line(25, 15, 10), draw: 4, winner_goals: 18, loser_goals: 12 },
    [
      ...["25exact score", "18winner’s goals", "15goal difference"],
      ...["12loser’s goals", "10right winner", "4another draw"],
    ],
  ],
])("draws the best of a few: %j", async (points, says) => {
  expect(await looks({ kind: "best", ...points })).toEqual(says);
});

const NINE = { home: line(4, 3, 2), draw: { exact: 6, tendency: 4 }, away: line(6, 5, 4) };

it("has a row for each team that may win, and for a draw", async () => {
  await show(<Points scoring={{ kind: "lines", ...NINE }} />);
  expect(rows()).toEqual([
    " exact score goal difference right winner or draw",
    "First team wins 4 3 2",
    "Draw 6 – 4",
    "Second team wins 6 5 4",
  ]);
});

it("has figures where it does not matter who wins", async () => {
  const lines = { home: line(4, 3, 2), draw: { exact: 4, tendency: 2 }, away: line(4, 3, 2) };
  expect(await looks({ kind: "lines", ...lines })).toEqual([
    "4exact score",
    "3goal difference",
    "2right winner or draw",
  ]);
});

const QUOTA = {
  ...{ kind: "quota", least: 3, most: 10 },
  lines: { home: line(2, 1, 0), draw: { exact: 2, tendency: 0 }, away: line(2, 1, 0) },
};

it("draws what the right winner gives at least and at most, and what is added", async () => {
  expect(await looks(QUOTA)).toEqual(["3–10right winner or draw", "+2exact score", "+1goal difference"]);
  expect(screen.getByText(/^The fewer have/)).toBeDefined();
  cleanup();
  expect(await looks({ ...QUOTA, most: 3 })).toContain("3right winner or draw");
  expect(screen.queryByText(/^The fewer have/)).toBeNull();
});

it("adds to it by who wins", async () => {
  expect(await looks({ ...QUOTA, lines: { ...QUOTA.lines, home: line(3, 1, 0) } })).toEqual([
    "3–10right winner or draw",
  ]);
  const table = within(screen.getByRole("table"));
  expect(table.getByText("+3")).toBeDefined();
  expect(rows().slice(1)).toEqual(["First team wins +3 +1 0", "Draw +2 – 0", "Second team wins +2 +1 0"]);
});

it("draws a score that is close", async () => {
  expect(await looks({ kind: "close", exact: 12, close: 6, result: 4 })).toEqual([
    ...["12exact score", "6close score"],
    "4right winner or draw",
  ]);
  cleanup();
  expect(await looks({ kind: "close", exact: 12, close: 4, result: 4 })).toEqual([
    "12exact score",
    "4right winner or draw",
  ]);
});

it("draws nothing of points that it does not know, or that are odd", async () => {
  await show(
    [{ kind: "sum", exact: 5 }, { kind: "close", exact: 3 }, { kind: "toString" }, {}].map((scoring, at) => (
      <Points key={at} scoring={scoring} />
    )),
  );
  expect(screen.getByTestId("shown").textContent).toBe("");
});
