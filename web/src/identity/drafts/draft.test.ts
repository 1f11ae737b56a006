import { expect, it } from "vitest";

import {
  draftOf,
  type Draft,
  isWhole,
  NO_DRAFT,
  predictedIn,
  predictionOf,
  sameDraft,
  samePrediction,
  saysOf,
} from "./draft";

const TIP = { home: 2, away: 1, stake: 5 };

it("is whole with the goals of both teams", () => {
  const drafts: Draft[] = [TIP, { ...TIP, home: null }, NO_DRAFT];
  expect(drafts.map(isWhole)).toEqual([true, false, false]);
});

it.each([
  ["the same", TIP, { ...TIP }, true, true],
  ["another stake", TIP, { ...TIP, stake: 6 }, true, false],
  ["other goals", TIP, { ...TIP, away: 2 }, false, false],
  ["goals that are not written", TIP, { ...TIP, away: null }, false, false],
  ["none", TIP, undefined, false, false],
  ["none on both sides", undefined, undefined, false, false],
])("compares with %s", (_, one, other, prediction, all) => {
  expect([samePrediction(one, other), sameDraft(one, other)]).toEqual([prediction, all]);
});

it("is read from what was signed of it", () => {
  expect(draftOf({ score: predictedIn(predictionOf(TIP)), stake: 5 })).toEqual(TIP);
  expect(predictedIn({ option: 172 })).toEqual({ home: 1, away: 72 });
  expect(predictedIn({ number: 3 })).toEqual({ home: 0, away: 3 });
  expect(draftOf({ score: null, stake: 5 })).toBeUndefined();
});

it("reads as it is written", () => {
  expect(saysOf(TIP)).toBe("2 : 1");
  expect(saysOf({ ...TIP, away: null }, ":")).toBe("2:–");
});
