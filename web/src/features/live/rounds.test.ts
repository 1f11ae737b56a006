import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { lastFinal, roundsOver, roundsTold } from "./rounds";

type Match = Shapes["MatchBody"];

const at = (minute: number): string => new Date(Date.UTC(2026, 5, 5, 12, minute)).toISOString();
const s = (minute: number): number => Date.UTC(2026, 5, 5, 12, minute) / 1000;

const record = (minute: number, status = "played") => ({ since: at(minute), outcome: { status }, provisional: true });
const final = (minute: number, final_at = minute) => ({
  ...record(minute),
  ...{ provisional: false, final_at: at(final_at) },
});

/** A round with a match for each record; `null`: one without. */
const round = (stage: string, ...records: (object | null)[]) =>
  records.map((record) => ({ stage, record, postponed: false })) as Match[];

describe("a round", () => {
  it("is over with the last result of its matches", () => {
    expect(roundsOver(round("Final", record(7, "cancelled"), record(3)))).toEqual([{ stage: "Final", at_s: s(7) }]);
    expect(roundsOver(round("Final", record(3), null))).toEqual([]);
    expect(roundsOver(round("Final", null, record(3)))).toEqual([]);
    expect(roundsOver(round("Final", record(3)))).toEqual([]);
  });

  it("is not over while a match is postponed", () => {
    const [first, second] = round("Final", record(3), record(3, "postponed")) as [Match, Match];
    expect(roundsOver([first, second])).toEqual([]);
    expect(roundsOver([first, { ...second, postponed: true }])).toEqual([]);
  });
});

describe("the round that became final last", () => {
  it("is the one whose last record did so last", () => {
    const [early, late] = [round("1", final(3), final(9)), round("2", final(4), final(8))];
    expect(lastFinal([...early, ...late])).toBe("1");
    expect(lastFinal([...late, ...early])).toBe("1");
  });

  it("may have one match", () => expect(lastFinal(round("Final", final(3)))).toBe("Final"));

  it.each([
    ["a match without a record", null],
    ["one that is provisional", { ...record(9), final_at: at(20) }],
  ])("is none with %s", (_, other) => {
    expect(lastFinal(round("2", final(8), other))).toBeUndefined();
    expect(lastFinal([...round("1", final(3)), ...round("2", final(8), other)])).toBe("1");
  });
});

it("the tables of the last two rounds are read, and that of the one that became final last", () => {
  const old = round("Group stage", final(1), final(1));
  const rounds = [3, 7, 5].flatMap((minute) => round(String(minute), record(minute), record(minute)));
  expect(roundsTold(rounds)).toEqual(["7", "5"]);
  expect(roundsTold([...old, ...rounds])).toEqual(["7", "5", "Group stage"]);
  expect(roundsTold([...old, ...rounds.slice(0, 2)])).toEqual(["3", "Group stage"]);
});
