import { beforeEach, describe, expect, it } from "vitest";

import { fewOf, forgetDelivered, mayHave, rememberDelivered } from "./delivered";

const ME = { pool: "pool", account: "me" };
const OTHER = { pool: "pool", account: "other" };

const keeper = (name: string) => ({ keeper: { account: `bolao1${name}`, name }, key: name });
const [ana, bruno, eva] = [keeper("ana"), keeper("bruno"), keeper("eva")];
const THREE = [ana, bruno, eva];
const KEYS = THREE.map(({ key }) => key);
const SYBILS = ["x", "y", "z"];

/** As the node says it: in which round, and to how many it was dealt. */
const seal = (next_round: number, dealt = 0, commitment = "aa") => ({
  commitment,
  next_round,
  dealt: dealt === 0 ? null : { keepers: Array.from({ length: dealt }) },
});

beforeEach(() => localStorage.clear());

it("who was handed a tip as one of few stays named, also after it was handed to more", () => {
  rememberDelivered(ME, ["aa"], [ana], []);
  rememberDelivered(ME, ["aa"], [bruno, eva], []);
  rememberDelivered(ME, ["aa", "cc"], [ana, bruno], []);
  rememberDelivered(ME, ["aa", "bb"], THREE, []);
  expect(fewOf(ME, "aa")).toEqual([ana]);
  expect(fewOf(ME, "bb")).toEqual([]);
  expect(fewOf(ME, "cc")).toHaveLength(2);
  expect(fewOf(ME, "dd")).toEqual([]);
  expect(fewOf(OTHER, "aa")).toEqual([]);
  forgetDelivered(ME);
  expect(fewOf(ME, "aa")).toEqual([]);
});

describe("without asking its player, a tip goes", () => {
  it("to anybody while nobody has it", () => {
    expect(mayHave(ME, seal(0), SYBILS)).toBe(true);
  });

  it("to others than few who have it, and to nobody else than three", () => {
    rememberDelivered(ME, ["aa"], [ana], []);
    expect(mayHave(ME, seal(1, 1), KEYS)).toBe(true);
    rememberDelivered(ME, ["aa"], THREE, []);
    expect(mayHave(ME, seal(2, 3), [...KEYS].reverse())).toBe(true);
    expect(mayHave(ME, seal(2, 3), SYBILS)).toBe(false);
    expect(mayHave(ME, seal(2, 3), ["x"])).toBe(false);
  });

  it("to nobody else where this device does not know who has it", () => {
    for (const said of [seal(1, 3), seal(1, 1), seal(1), seal(0, 3)]) expect(mayHave(ME, said, SYBILS)).toBe(false);
  });

  it("to nobody else where this device handed it to few, and another to three", () => {
    rememberDelivered(ME, ["aa"], [ana], []);
    expect(mayHave(ME, seal(2, 3), SYBILS)).toBe(false);
    expect(mayHave(ME, seal(2, 3), ["ana"])).toBe(true);
  });
});

describe("who has a tip is remembered", () => {
  const many = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `c${from + at}`);

  it("however many are newer, while the node lists it", () => {
    rememberDelivered(ME, ["aa"], THREE, []);
    rememberDelivered(ME, many(400), THREE, ["aa"]);
    rememberDelivered(ME, many(800, 400), THREE, ["aa"]);
    expect(mayHave(ME, seal(1, 3), SYBILS)).toBe(false);
    expect(mayHave(ME, seal(1, 3), KEYS)).toBe(true);
    expect(mayHave(ME, seal(1, 3, "c0"), KEYS)).toBe(false);
    expect(JSON.parse(localStorage.getItem("bolao.handed.pool.me") ?? "[]")).toHaveLength(1_000);
  });

  it("also if the node leaves it out, while there is room", () => {
    rememberDelivered(ME, ["aa"], THREE, []);
    rememberDelivered(ME, many(400), THREE, []);
    expect(mayHave(ME, seal(0), SYBILS)).toBe(false);
  });

  it("unless what is kept cannot be read", () => {
    for (const text of ["{", "{}", '["aa",["x"]]', '[["aa",["x"]]]', '[{"commitment":"aa","last":["x"],"few":[]}]']) {
      localStorage.setItem("bolao.handed.pool.me", text);
      expect(mayHave(ME, seal(1, 3), SYBILS)).toBe(false);
      expect(fewOf(ME, "aa")).toEqual([]);
    }
  });
});
