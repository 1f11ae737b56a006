import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { leadBy } from "../../sentences/moved";

type Line = Shapes["StandingBody"];

const line = (name: string, place: number, more: Partial<Line>): Line => ({
  ...{ player: { account: name, name }, place, points: 30, exact: 0, differences: 0, tendencies: 0 },
  ...{ tips: 9, missing: 0, chips: 0 },
  ...more,
});

it.each([
  ["wins", { wins: 720_720 }, { wins: 360_360 }],
  ["bonus", { bonus: 5 }, { bonus: 3 }],
  ["nearest", { off: 2 }, { off: 10_002 }],
])("a match that changed nothing gives nobody the lead that %s decide", (name, first, second) => {
  const lines = [line("Ana", 1, first), line("Bruno", 2, { exact: 4, ...second })];
  expect(leadBy(lines, [], [name, "exact"])).toBeUndefined();
});
