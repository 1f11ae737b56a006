import { describe, expect, it } from "vitest";

import { lastScored, movements } from "./movement";

const line = (name: string, place: number, points: number, exact = 0, missing = 0) => ({
  player: { account: name, name },
  place,
  points,
  exact,
  differences: 0,
  tendencies: 0,
  missing,
  tips: 0,
  chips: 0,
});

describe("movement through a round", () => {
  it("is the place now against the place without the round", () => {
    const now = [line("bruno", 1, 12), line("clara", 2, 11), line("dave", 3, 9)];
    const round = [line("bruno", 1, 6), line("clara", 2, 2), line("dave", 2, 2)];
    expect([...movements(now, round, ["exact"])]).toEqual([
      ["clara", -1],
      ["dave", -1],
      ["bruno", 2],
    ]);
  });

  it("shares places and skips the next, by the pool's own tie-breaks", () => {
    const now = [line("a", 1, 10, 2), line("b", 2, 10, 1), line("c", 2, 10, 1)];
    const round = [line("a", 1, 3, 1), line("b", 1, 3), line("c", 1, 3)];
    // Before: 7 points and one exact score each.
    expect([...movements(now, round, ["exact"]).values()]).toEqual([0, -1, -1]);
    // Where missing ones count, fewer are better.
    const late = [line("a", 1, 10), line("b", 2, 10, 0, 2)];
    expect(movements(late, [], ["fewer_missing"]).get("b")).toBe(0);
  });
});

describe("the last round that counts", () => {
  const round = (stage: string, scored: number, last_kickoff: string | null) => ({ stage, scored, last_kickoff });
  it("is the last one with a score, by kick-off", () => {
    expect(
      lastScored([round("1", 2, "2026-06-01T00:00:00Z"), round("2", 1, "2026-06-08T00:00:00Z"), round("3", 0, null)]),
    ).toBe("2");
  });
  it("is none in the first round: nobody has moved", () => {
    expect(lastScored([round("1", 2, "2026-06-01T00:00:00Z")])).toBeUndefined();
  });
});
