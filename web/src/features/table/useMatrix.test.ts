import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { fitsWhole, wholeGrid } from "./useMatrix";

const match = (no: number, kickoff: string | null) => ({ no, kickoff }) as Shapes["MatchBody"];
const bet = (account: string, no: number) =>
  ({ player: { account }, match: { no, code: "" }, stake: no }) as Shapes["BetBody"];

describe("the grid of all rounds", () => {
  it("has matches by kick-off, those without one last, and players as the table has them", () => {
    const grid = wholeGrid(
      [
        { player: { account: "b" }, points: 3 },
        { player: { account: "a" }, points: 2 },
      ],
      [match(1, null), match(2, "2026-06-02T00:00:00Z"), match(3, "2026-06-01T00:00:00Z")],
      [bet("a", 3), bet("b", 1), bet("left", 2)],
    );
    expect(grid.matches.map(({ no }) => no)).toEqual([3, 2, 1]);
    expect(grid.rows.map(({ cells }) => Array.from(cells, (cell) => cell?.stake))).toEqual([
      [undefined, undefined, 1],
      [3, undefined, undefined],
    ]);
  });
  it("is for pools of friends", () => {
    expect(fitsWhole(20, 104)).toBe(true);
    expect(fitsWhole(10_000, 104)).toBe(false);
  });
});
