import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { jokersOf, type Jokers, leftFor, type Moves, movedTo, movesIn } from "./jokers";

type Match = Shapes["MatchBody"];

const match = (no: number, stage: string) => ({ no, code: `M${no}`, stage }) as unknown as Match;
const MATCHES = [match(1, "A"), match(2, "A"), match(3, "B"), match(4, "B")];
const [ONE, TWO, , FOUR] = MATCHES as [Match, Match, Match, Match];
const refs = (...all: number[]) => all.map((no) => ({ no, code: `M${no}` }));

const STAGES = { factor: 2, per_stage: 1, in_all: 0 };
const inAll = (in_all: number) => ({ factor: 2, per_stage: 0, in_all });

const waits = (off: number[], on: number[]): Moves => ({ off: refs(...off), on: refs(...on) });

const numbers = (jokers: Jokers<Match>, to: Match, open: Match[]) => {
  const moves = movedTo(jokers, to, (one) => open.includes(one));
  return moves && [moves.off.map(({ no }) => no), moves.on.map(({ no }) => no)];
};

it("counts what waits for a block", () => {
  const jokers = jokersOf(STAGES, refs(1), [waits([], [3]), waits([1], [2])], MATCHES);
  expect([...jokers.on]).toEqual([3, 2]);
  expect([leftFor(jokers, "A"), leftFor(jokers, "B"), leftFor(jokers, "C")]).toEqual([0, 0, 1]);
  // What is there already changes nothing.
  expect(leftFor(jokersOf(STAGES, refs(1), [waits([4], [1])], MATCHES), "A")).toBe(0);
  // In all they are fewer, whatever the stage, also by one on a match that is not known here.
  expect(leftFor(jokersOf(inAll(3), refs(1), [waits([], [2])], MATCHES), "B")).toBe(1);
  expect(leftFor(jokersOf(inAll(3), refs(1, 99), [waits([], [2])], MATCHES), "B")).toBe(0);
});

it("has what is left by both limits where there are two", () => {
  const both = { factor: 3, per_stage: 2, in_all: 3 };
  expect(leftFor(jokersOf(both, refs(1, 2), [], MATCHES), "A")).toBe(0);
  expect(leftFor(jokersOf(both, refs(1, 2), [], MATCHES), "B")).toBe(1);
});

it("moves the joker of the same stage, and of another one only where that makes room", () => {
  const stages = jokersOf(STAGES, refs(1, 3), [], MATCHES);
  expect(numbers(stages, TWO, MATCHES)).toEqual([[1], [2]]);
  expect(numbers(stages, ONE, [ONE])).toEqual([[1], []]);
  expect(numbers(stages, TWO, [TWO, FOUR])).toBeUndefined();
  expect(numbers(stages, TWO, [TWO])).toBeUndefined();
  const all = jokersOf(inAll(1), refs(3), [], MATCHES);
  expect(numbers(all, TWO, MATCHES)).toEqual([[3], [2]]);
  expect(numbers(all, FOUR, MATCHES)).toEqual([[3], [4]]);
  expect(numbers(jokersOf(STAGES, [], [], MATCHES), TWO, MATCHES)).toEqual([[], [2]]);
});

it("reads moves of acts, and of nothing else", () => {
  const joker = { type: "joker", on: refs(2) } as Shapes["Action"];
  const join = { type: "join", name: "Ana" } as Shapes["Action"];
  expect(movesIn([join, joker])).toEqual([{ off: [], on: refs(2) }]);
});
