import { expect, it } from "vitest";

import { baseOf } from "./base";

const goals = (home: number, away: number) => ({ home, away });
const LEVEL = { after_90: goals(1, 1) };
const EXTRA = { ...LEVEL, after_120: goals(2, 2) };
const ALL = { ...EXTRA, shootout: goals(4, 3) };

it.each([
  ["90", [LEVEL.after_90, LEVEL.after_90, LEVEL.after_90], false],
  ["120", [LEVEL.after_90, EXTRA.after_120, EXTRA.after_120], true],
  ["penalties", [LEVEL.after_90, EXTRA.after_120, goals(6, 5)], true],
  ["of a newer program", [LEVEL.after_90, LEVEL.after_90, LEVEL.after_90], false],
])("knows what counts by the base %s", (base, scores, goesOn) => {
  const known = baseOf({ base });
  expect([LEVEL, EXTRA, ALL].map(known.scoreOf)).toEqual(scores);
  expect(known.goesOn).toBe(goesOn);
});

it("adds penalties to the score after 90 minutes where there is no extra time", () => {
  expect(baseOf({ base: "penalties" }).scoreOf({ ...LEVEL, shootout: goals(4, 3) })).toEqual(goals(5, 4));
});
