import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { gapsOf } from "./gaps";
import { byDays, laidOut, largeOf, pastOf } from "./groups";
import { anyStakes } from "./stakes";
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

const AT_S = Date.UTC(2026, 5, 20, 12) / 1000;
const in_h = (hours: number): string => new Date((AT_S + hours * 3600) * 1000).toISOString();
const open = (no: number, hours: number | null, stage = "Round 1") => {
  const kickoff = hours === null ? null : in_h(hours);
  return { ...match(no, kickoff), deadline: kickoff, stage, postponed: false };
};

describe("the order of the matches", () => {
  it("has near days first, and the rest by rounds", () => {
    const near = Array.from({ length: 9 }, (_, no) => open(no, no, "Round 1"));
    const far = [
      ...[10, 11, 12, 13, 14].map((no) => open(no, 96, "Round 1")),
      ...[20, 21].map((no) => open(no, 200, "Round 2")),
    ];
    const undated = open(30, null, "Final");
    const all = [...near, ...far, undated];
    const laid = laidOut(all, all, AT_S);
    expect(laid.near.flatMap(({ matches }) => matches)).toEqual(near);
    expect(
      laid.rounds.map(({ stage, begun, days }) => [stage, begun, days.flatMap((day) => day.matches).length]),
    ).toEqual([
      ["Round 1", true, 5],
      ["Round 2", false, 2],
      ["Final", false, 1],
    ]);
  });

  it("ends a round with the near ones where few of it are left", () => {
    const near = Array.from({ length: 8 }, (_, no) => open(no, no));
    const all = [...near, open(10, 60), open(11, 80), ...[20, 21, 22].map((no) => open(no, 200, "Round 2"))];
    const laid = laidOut(all, all, AT_S);
    expect(laid.near.flatMap(({ matches }) => matches).length).toBe(10);
    expect(laid.rounds.map(({ stage }) => stage)).toEqual(["Round 2"]);
  });

  it("folds nothing where little is left", () => {
    const all = Array.from({ length: 12 }, (_, no) => open(no, no * 24));
    expect(laidOut(all, all, AT_S)).toEqual({ near: byDays(all), rounds: [] });
  });

  it("makes large what closes together soon, else the next one, and nothing that is days away", () => {
    const numbers = (some: ReturnType<typeof open>[]) => largeOf(some, AT_S).map(({ no }) => no);
    expect(numbers([open(1, 1), open(2, 1), open(3, 1), open(4, 2)])).toEqual([1, 2]);
    expect(numbers([open(1, 50), open(2, 50)])).toEqual([1]);
    expect(numbers([open(1, null), open(3, 30), open(2, 20)])).toEqual([2]);
    expect(numbers([open(1, 73), open(2, 200)])).toEqual([]);
    expect(numbers([open(1, null)])).toEqual([]);
    expect(numbers([])).toEqual([]);
  });

  it("knows how far a match is that takes no more tips", () => {
    const record = { outcome: { status: "played" } } as Shapes["RecordBody"];
    expect(pastOf(open(1, 1), false, AT_S)).toBe("shut");
    expect(pastOf(open(1, -1), false, AT_S)).toBe("live");
    expect(pastOf(open(1, -2), false, AT_S)).toBe("waiting");
    expect(pastOf(open(1, -2), true, AT_S)).toBe("live");
    expect(pastOf({ ...open(1, -2), record }, false, AT_S)).toBe("done");
  });
});

it("who is near: the first and the next better one, or who follows the first", () => {
  const lines = [
    { player: { account: "a", name: "Ana" }, points: 39 },
    { player: { account: "c", name: "Carla" }, points: 38 },
    { player: { account: "b", name: "Bruno" }, points: 37 },
    { player: { account: "z", name: "Zoë" }, points: 37 },
  ];
  const near = (account: string) => gapsOf(lines, account).map(({ name, by }) => [name, by]);
  expect(near("b")).toEqual([
    ["Ana", 2],
    ["Carla", 1],
  ]);
  expect(near("c")).toEqual([["Ana", 1]]);
  expect(near("a")).toEqual([["Carla", -1]]);
  expect(near("nobody")).toEqual([]);
});

it.each([
  ["nobody", {}, false],
  ["the rules want some", { limits: { stake_min: 1, starting_chips: 1000 } }, true],
  ["a match has a pot", { matches: [{ pot: 0 }, { pot: 20 }] }, true],
  ["one’s own tip has some", { tips: [{ stake: 5 }] }, true],
  ["one’s own draft has some", { drafts: [{ stake: 5 }] }, true],
  ["some were paid", { table: [{ chips: 1000 }, { chips: 1030 }] }, true],
])("who stakes chips: %s", (_, more, is) => {
  const limits = { stake_min: 0, starting_chips: 1000 };
  const nobody = { limits, matches: [{ pot: 0 }], tips: [{ stake: 0 }], drafts: [], table: [{ chips: 1000 }] };
  expect(anyStakes({ ...nobody, ...more })).toBe(is);
  expect(anyStakes({ ...nobody, ...more, limits: undefined })).toBe(false);
});
