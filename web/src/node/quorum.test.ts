import { describe, expect, it } from "vitest";

import { mayBeOff, mustBeOn, neededOf } from "./quorum";

const validators = (...weights: number[]) => weights.map((weight) => ({ weight }));

describe("the votes that confirm a block", () => {
  it("are more than two thirds", () => {
    expect([1, 2, 3, 4, 7, 100].map(neededOf)).toEqual([1, 2, 3, 3, 5, 67]);
  });
});

describe("validators of the same weight", () => {
  it("must all be on where they are up to three, and none of more", () => {
    const counts = [1, 2, 3, 4, 5, 7].map((count) => mustBeOn(validators(...Array<number>(count).fill(2))).length);
    expect(counts).toEqual([1, 2, 3, 0, 0, 0]);
  });

  it("may be off up to less than a third", () => {
    const counts = [1, 3, 4, 6, 7, 10].map((count) => mayBeOff(validators(...Array<number>(count).fill(1))));
    expect(counts).toEqual([0, 0, 1, 1, 2, 3]);
  });
});

describe("validators of several weights", () => {
  it("are needed who have a third of the votes or more", () => {
    expect(mustBeOn(validators(2, 1, 1, 1))).toEqual(validators(2));
    expect(mustBeOn(validators(9, 1, 1, 1))).toEqual(validators(9));
  });
});
