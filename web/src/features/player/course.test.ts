import { describe, expect, it } from "vitest";

import { chipsOverTime, pointsByRound } from "./course";

const round = (stage: string, nos: number[], scored: number) => ({
  stage,
  scored,
  matches: nos.map((no) => ({ no, code: String(no) })),
});
const bet = (no: number, points: number | null) => ({ match: { no, code: String(no) }, points });

describe("a player's points by round", () => {
  it("add up, stay where nothing was tipped, and end with the last round that has a score", () => {
    const rounds = [round("1", [1, 2], 2), round("2", [3], 1), round("3", [4, 5], 1), round("4", [6], 0)];
    expect(pointsByRound(rounds, [bet(1, 4), bet(2, 2), bet(4, null), bet(5, 3), bet(6, null)])).toEqual([
      { label: "1", value: 6 },
      { label: "2", value: 6 },
      { label: "3", value: 9 },
    ]);
  });
});

describe("a player's chips over time", () => {
  it("have one value for a moment, the last one", () => {
    const at = (time: string, balance: number) => ({ time, balance });
    expect(
      chipsOverTime([
        at("2026-06-02T00:00:00Z", 950),
        at("2026-06-02T00:00:00Z", 980),
        at("2026-06-01T00:00:00Z", 1000),
      ]).map(({ chips }) => chips),
    ).toEqual([1000, 950]);
  });
});
