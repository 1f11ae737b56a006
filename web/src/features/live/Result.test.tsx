import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import type { Item } from "./feed";
import { Result } from "./Result";

const match = { no: 1, code: "A1", home: { name: "Hawks" }, away: { name: "Bears" }, kickoff: null, stage: "Final" };

async function said(record: object): Promise<string> {
  const whole = { signers: [{ name: "ana", account: "ana" }], corrects: false, corrected: false, ...record };
  const of = { is: "result", match, record: whole } as unknown as Extract<Item, { is: "result" }>;
  await show(<Result of={of} />, [[matchesOptions().queryKey, [match]]]);
  return screen.getByTestId("shown").textContent.trim();
}

it("says that a match is put off, and why", async () => {
  expect(await said({ outcome: { status: "postponed", reason: "snow" } })).toBe("ana put off Hawks – Bears: snow");
});

it("says of a result that it was corrected later, and of the other one why", async () => {
  const [score, outcome] = [
    { home: 0, away: 0 },
    { status: "played", reason: "typo" },
  ];
  expect(await said({ score, outcome, corrected: true })).toBe("ana: Hawks 0:0 Bears. Corrected later.");
});

it("says why a result corrects another one", async () => {
  const [score, outcome] = [
    { home: 1, away: 0 },
    { status: "played", reason: "typo" },
  ];
  expect(await said({ score, outcome, corrects: true })).toBe("ana: Hawks 1:0 Bears. Corrected: typo");
});
