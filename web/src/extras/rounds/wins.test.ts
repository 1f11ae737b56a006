import { expect, it } from "vitest";

import { ROUND, roundsText } from "./wins";

it.each([
  [0, "0"],
  [3 * ROUND, "3"],
  [360_360, "½"],
  [240_240, "⅓"],
  [180_180, "¼"],
  [480_480, "⅔"],
  [540_540, "¾"],
  [12 * ROUND + 480_480, "12⅔"],
  [ROUND / 5, "0.2"],
  [2 * ROUND + (ROUND / 5) * 4, "2.8"],
  [360_361, "0.5"],
])("%d parts are %s rounds", (parts, says) => {
  expect(roundsText(parts, (rounds) => rounds.toFixed(1))).toBe(says);
});
