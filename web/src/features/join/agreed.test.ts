import { expect, it } from "vitest";

import { claimed } from "./agreed";

it("takes from a genesis file what the join page says of a pool", () => {
  const rules = { tips: "sealed", scoring: { kind: "best" } };
  const file = { name: "Our cup", starting_chips: 1000, rules, organisers: [] };
  expect(claimed(JSON.stringify(file))).toEqual({ name: "Our cup", bets: "sealed", starting_chips: 1000, rules });
});

it.each(["", "{", "null", "[]", '{"name":1}', '{"name":"Our cup","starting_chips":1,"rules":{"tips":"shown"}}'])(
  "takes nothing from what is no genesis file: %s",
  (file) => expect(claimed(file)).toBeUndefined(),
);
