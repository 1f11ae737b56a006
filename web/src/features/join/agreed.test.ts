import { expect, it } from "vitest";

import { claimed } from "./agreed";

const BEST = { kind: "best", exact: 4, difference: 3, tendency: 2 };

const WON = { exact: 2, difference: 1, tendency: 0 };
const LINES = { home: WON, draw: { exact: 2, tendency: 0 }, away: WON };
const QUOTA = { kind: "quota", least: 3, most: 10, lines: LINES };
const CLOSE = { kind: "close", exact: 12, close: 6, result: 4 };

const file = (rules: unknown, more: object = {}): string =>
  JSON.stringify({ name: "Our cup", starting_chips: 1000, rules, organisers: [], ...more });

it.each<object>([
  ...[BEST, { kind: "lines", ...LINES }, QUOTA, CLOSE, { kind: "sum", winner: 1 }].map((scoring) => ({ scoring })),
  {},
])("takes from a genesis file what the join page says of a pool: %j", (points) => {
  const rules = { tips: "sealed", ...points };
  expect(claimed(file(rules))).toEqual({ name: "Our cup", bets: "sealed", starting_chips: 1000, rules });
});

it.each(["", "{", "null", "[]", '{"name":1}', file({ tips: "shown" }), file(null), file("sealed"), file([])])(
  "takes nothing from what is no genesis file: %s",
  (text) => expect(claimed(text)).toBeUndefined(),
);

it.each([
  file({ tips: "sealed", scoring: null }),
  file({ tips: "sealed", scoring: "best" }),
  file({ tips: "sealed", scoring: {} }),
  file({ tips: "sealed", scoring: { ...BEST, exact: { points: 4 } } }),
  file({ tips: "sealed", scoring: { ...BEST, tendency: null } }),
  ...[
    { kind: 1 },
    { kind: "lines", ...LINES, home: { ...WON, exact: 1.5 } },
    { kind: "lines", ...LINES, draw: WON.exact },
    { kind: "lines", home: WON, away: WON },
    { ...QUOTA, least: "3" },
    { ...QUOTA, least: 11 },
    { ...QUOTA, lines: null },
    { ...CLOSE, close: -6 },
    { ...CLOSE, result: undefined },
    { ...BEST, draw: null },
    { ...BEST, winner_goals: [4] },
  ].map((scoring) => file({ tips: "sealed", scoring })),
  file({ tips: "sealed" }, { name: { en: "Our cup" } }),
  file({ tips: "sealed" }, { starting_chips: -1 }),
  file({ tips: "sealed" }).replace("1000", "1e999"),
])("takes nothing that cannot be drawn: %s", (text) => expect(claimed(text)).toBeUndefined());
