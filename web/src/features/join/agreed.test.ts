import { expect, it } from "vitest";

import { claimed } from "./agreed";

const BEST = { kind: "best", exact: 4, difference: 3, tendency: 2 };

const file = (rules: unknown, more: object = {}): string =>
  JSON.stringify({ name: "Our cup", starting_chips: 1000, rules, organisers: [], ...more });

it.each([[{ scoring: BEST }], [{ scoring: { kind: "sum", winner: 1 } }], [{}]])(
  "takes from a genesis file what the join page says of a pool: %j",
  (points) => {
    const rules = { tips: "sealed", ...points };
    expect(claimed(file(rules))).toEqual({ name: "Our cup", bets: "sealed", starting_chips: 1000, rules });
  },
);

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
  file({ tips: "sealed" }, { name: { en: "Our cup" } }),
  file({ tips: "sealed" }, { starting_chips: -1 }),
  file({ tips: "sealed" }).replace("1000", "1e999"),
])("takes nothing that cannot be drawn: %s", (text) => expect(claimed(text)).toBeUndefined());
