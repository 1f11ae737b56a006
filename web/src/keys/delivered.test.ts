import { beforeEach, describe, expect, it } from "vitest";

import { fewOf, forgetDelivered, mayHave, rememberDelivered } from "./delivered";

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
  rememberDelivered("me", ["aa"], [ana], []);
  rememberDelivered("me", ["aa"], [bruno, eva], []);
  rememberDelivered("me", ["aa", "cc"], [ana, bruno], []);
  rememberDelivered("me", ["aa", "bb"], THREE, []);
  expect(fewOf("me", "aa")).toEqual([ana]);
  expect(fewOf("me", "bb")).toEqual([]);
  expect(fewOf("me", "cc")).toHaveLength(2);
  expect(fewOf("me", "dd")).toEqual([]);
  expect(fewOf("other", "aa")).toEqual([]);
  forgetDelivered("me");
  expect(fewOf("me", "aa")).toEqual([]);
});

describe("without asking its player, a tip goes", () => {
  it("to anybody while nobody has it", () => {
    expect(mayHave("me", seal(0), SYBILS)).toBe(true);
  });

  it("to others than few who have it, and to nobody else than three", () => {
    rememberDelivered("me", ["aa"], [ana], []);
    expect(mayHave("me", seal(1, 1), KEYS)).toBe(true);
    rememberDelivered("me", ["aa"], THREE, []);
    expect(mayHave("me", seal(2, 3), [...KEYS].reverse())).toBe(true);
    expect(mayHave("me", seal(2, 3), SYBILS)).toBe(false);
    expect(mayHave("me", seal(2, 3), ["x"])).toBe(false);
  });

  it("to nobody else where this device does not know who has it", () => {
    for (const said of [seal(1, 3), seal(1, 1), seal(1), seal(0, 3)]) expect(mayHave("me", said, SYBILS)).toBe(false);
  });

  it("to nobody else where this device handed it to few, and another to three", () => {
    rememberDelivered("me", ["aa"], [ana], []);
    expect(mayHave("me", seal(2, 3), SYBILS)).toBe(false);
    expect(mayHave("me", seal(2, 3), ["ana"])).toBe(true);
  });
});

describe("who has a tip is remembered", () => {
  const many = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `c${from + at}`);

  it("however many are newer, while the node lists it", () => {
    rememberDelivered("me", ["aa"], THREE, []);
    rememberDelivered("me", many(400), THREE, ["aa"]);
    rememberDelivered("me", many(800, 400), THREE, ["aa"]);
    expect(mayHave("me", seal(1, 3), SYBILS)).toBe(false);
    expect(mayHave("me", seal(1, 3), KEYS)).toBe(true);
    expect(mayHave("me", seal(1, 3, "c0"), KEYS)).toBe(false);
    expect(JSON.parse(localStorage.getItem("bolao.handed.me") ?? "[]")).toHaveLength(1_000);
  });

  it("also if the node leaves it out, while there is room", () => {
    rememberDelivered("me", ["aa"], THREE, []);
    rememberDelivered("me", many(400), THREE, []);
    expect(mayHave("me", seal(0), SYBILS)).toBe(false);
  });

  it("unless what is kept cannot be read", () => {
    for (const text of ["{", "{}", '["aa",["x"]]', '[["aa",["x"]]]', '[{"commitment":"aa","last":["x"],"few":[]}]']) {
      localStorage.setItem("bolao.handed.me", text);
      expect(mayHave("me", seal(1, 3), SYBILS)).toBe(false);
      expect(fewOf("me", "aa")).toEqual([]);
    }
  });
});
