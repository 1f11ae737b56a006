import { cleanup, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import type { Item } from "./feed";
import { Result } from "./Result";

const match = { no: 1, code: "A1", home: { name: "Hawks" }, away: { name: "Bears" }, kickoff: null, stage: "Final" };

async function said(record: object, bets: Shapes["BetBody"][] = []): Promise<string> {
  const whole = { signers: [{ name: "ana", account: "ana" }], corrects: false, corrected: false, ...record };
  const of = { is: "result", match, record: whole } as unknown as Extract<Item, { is: "result" }>;
  await show(<Result of={of} bets={bets} />, [[matchesOptions().queryKey, [match]]]);
  return screen.getByTestId("shown").textContent.trim();
}

it("says that a match is postponed, and why", async () => {
  expect(await said({ outcome: { status: "postponed", reason: "snow" } })).toBe("Hawks – Bears is postponedsnow");
});

it("says of a result that it was corrected later, and of the other one why", async () => {
  const [score, outcome] = [
    { home: 0, away: 0 },
    { status: "played", reason: "typo" },
  ];
  expect(await said({ score, outcome, corrected: true })).toBe("Hawks 0:0 BearsCorrected later");
});

it("says why a result corrects another one", async () => {
  const [score, outcome] = [
    { home: 1, away: 0 },
    { status: "played", reason: "typo" },
  ];
  expect(await said({ score, outcome, corrects: true })).toBe("Hawks 1:0 BearsCorrectedtypo");
});

it("names who was exactly right, and how many had the winner or the draw where nobody was", async () => {
  const bet = (name: string, tier: string) => ({ player: { account: name, name }, tier }) as Shapes["BetBody"];
  const record = { score: { home: 2, away: 1 }, outcome: { status: "played" } };
  expect(await said(record, [bet("ana", "exact"), bet("bo", "none")])).toMatch(/Exactly right: ana$/);
  cleanup();
  expect(await said(record, [bet("ana", "tendency"), bet("bo", "none")])).toMatch(/1 of 2 had the right winner$/);
  cleanup();
  const drawn = { ...record, score: { home: 1, away: 1 } };
  expect(await said(drawn, [bet("ana", "difference"), bet("bo", "none")])).toMatch(/1 of 2 had the draw$/);
});
