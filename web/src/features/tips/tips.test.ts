import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { byDays } from "./days";
import { stepped, typed } from "./stepper";

describe("a thumb's tap", () => {
  it("writes both sides at once", () => {
    expect(stepped(undefined, "home", 1)).toEqual({ home: 1, away: 0, stake: 0 });
    expect(stepped(undefined, "away", -1)).toEqual({ home: 0, away: 0, stake: 0 });
  });

  it("goes up and down and stays between 0 and 99, and keeps the stake", () => {
    expect(stepped({ home: 2, away: 1, stake: 20 }, "away", 1)).toEqual({ home: 2, away: 2, stake: 20 });
    expect(stepped({ home: 0, away: 1, stake: 0 }, "home", -1).home).toBe(0);
    expect(stepped({ home: 99, away: 1, stake: 0 }, "home", 1).home).toBe(99);
  });
});

describe("typing", () => {
  it("writes one side only", () => {
    expect(typed(undefined, "home", "2")).toEqual({ home: 2, away: null, stake: 0 });
  });

  it("takes the last two digits and nothing else", () => {
    expect(typed({ home: 2, away: 1, stake: 5 }, "away", "1x3")).toEqual({ home: 2, away: 13, stake: 5 });
    expect(typed({ home: 2, away: 1, stake: 5 }, "away", "123").away).toBe(23);
    expect(typed({ home: 2, away: 1, stake: 5 }, "away", "").away).toBeNull();
  });
});

const match = (no: number, kickoff: string | null, day: { begins: string; ends: string } | null = null) =>
  ({ no, code: `m${no}`, kickoff, day }) as unknown as Shapes["MatchBody"];

it("days are the reader's, in order, and those without a day come last", () => {
  process.env.TZ = "America/Sao_Paulo";
  const days = byDays([
    match(3, null),
    match(2, "2026-06-06T02:00:00Z"),
    match(1, "2026-06-05T22:00:00Z"),
    match(4, "2026-06-06T04:00:00Z"),
    match(5, null, { begins: "2026-06-04T03:00:00Z", ends: "2026-06-05T03:00:00Z" }),
  ]);
  expect(days.map(({ matches }) => matches.map(({ no }) => no))).toEqual([[5], [1, 2], [4], [3]]);
});
