import { screen } from "@testing-library/react";
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

it("draws nothing of points that it does not know, or that are odd", async () => {
  await show(
    [{ kind: "sum", exact: 5 }, { kind: "best", exact: 3 }, { kind: "toString" }, {}].map((scoring, at) => (
      <Points key={at} scoring={scoring} />
    )),
  );
  expect(screen.getByTestId("shown").textContent).toBe("");
});
