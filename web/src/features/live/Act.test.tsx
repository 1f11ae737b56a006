import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import { wordsOfRules } from "../../words/languages";
import { Act } from "./Act";
import type { Told } from "./acts";
import type { Item } from "./feed";

const ANA = { name: "ana", account: "ana" };
const BRUNO = { name: "bruno", account: "bruno" };
const fixture = (no: number, kickoff: string | null) => ({
  no,
  code: `A${no}`,
  home: { name: "Hawks" },
  away: { name: "Bears" },
  kickoff,
  stage: "Final",
});
const AT = "2030-12-20T19:15:00Z";

async function said(action: object, told: Partial<Told>): Promise<string> {
  const whole: Told = { set: false, signers: [ANA], said: [], missing: 0, ...told };
  const transaction = { id: "1", player: ANA, action };
  const item = { is: "act", transaction, told: whole } as unknown as Extract<Item, { is: "act" }>;
  await show(<Act of={item} />, [[matchesOptions().queryKey, [fixture(1, AT)]]]);
  return screen.getByTestId("shown").textContent;
}

it("does not say of one confirmation of two that it set a kick-off", async () => {
  expect(await said({ type: "schedule", fixture: fixture(1, AT) }, { missing: 1 })).toMatch(
    /^ana proposed Hawks – Bears: .*\. One more organiser has to confirm it\.$/,
  );
});

it("says what took effect, in sentences of the book", async () => {
  await wordsOfRules();
  const teams = { template: "{before} is now {after}.", values: { before: "Spain – Brazil", after: "Brazil – Spain" } };
  const action = { type: "schedule", fixture: fixture(1, AT) };
  expect(await said(action, { set: true, signers: [ANA, BRUNO], said: [teams] })).toBe(
    "ana and bruno: Spain – Brazil is now Brazil – Spain.",
  );
});

it("names a match that the pool does not have yet, and leads nowhere", async () => {
  const signed = { type: "schedule", fixture: fixture(2, null) };
  expect(await said(signed, { missing: 2 })).toBe(
    "ana proposed Hawks – Bears without a kick-off time. 2 more organisers have to confirm it.",
  );
  expect(screen.queryByText("Hawks – Bears")?.tagName).not.toBe("A");
});

it("tells a result that one of two has signed", async () => {
  const outcome = { status: "played", after_90: { home: 2, away: 1 } };
  expect(await said({ type: "result", match: { no: 1, code: "A1" }, outcome }, { missing: 1 })).toBe(
    "ana entered Hawks – Bears: 2:1. One more organiser has to confirm it.",
  );
});
