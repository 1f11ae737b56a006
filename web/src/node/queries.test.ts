import { expect, it } from "vitest";

import type { Shapes } from "./client";
import { askAgainIn } from "./queries";

const openings = (...seals: [commitment: string, round: number, will_open: boolean][]) =>
  ({
    seals: seals.map(([commitment, round, will_open]) => ({ commitment, dealt: { round }, will_open })),
  }) as unknown as Shapes["OpeningsBody"];

it("keepers who are away are asked for less and less often, and soon again after another deal", () => {
  const away = openings(["c", 0, false]);
  expect(askAgainIn(away, 0)).toBe(5_000);
  expect(askAgainIn(away, 5_000)).toBe(5_000);
  expect(askAgainIn(away, 30_000)).toBe(30_000);
  expect(askAgainIn(away, 3_600_000)).toBe(60_000);
  expect(askAgainIn(openings(["c", 1, false]), 3_600_000)).toBe(5_000);
  expect(askAgainIn(openings(["c", 1, true]), 3_700_000)).toBe(false);
});
