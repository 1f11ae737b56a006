import { cleanup, screen } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import { beginToSpeak, wordsOfRules } from "../../words/languages";
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

type Says = Shapes["SaidBody"];

const KICKOFF: Says = {
  template: "{who} signs the kick-off of {match}: {kickoff}.",
  values: {
    who: { player: ANA },
    match: { scheduled: { no: 1, code: "A1" }, between: ["Hawks", "Bears"] },
    kickoff: { at: Date.parse(AT) / 1000 },
  },
};

beforeAll(beginToSpeak);

async function said(type: string, says: Says, told: Partial<Told>): Promise<string> {
  const whole: Told = { set: false, signers: [ANA], said: [], missing: 0, ...told };
  const transaction = { id: "1", player: ANA, action: { type }, says };
  const item = { is: "act", transaction, told: whole } as unknown as Extract<Item, { is: "act" }>;
  cleanup();
  await show(<Act of={item} />, [[matchesOptions().queryKey, [fixture(1, AT)]]]);
  return screen.getByTestId("shown").textContent;
}

it("does not say of one confirmation of two that it set a kick-off", async () => {
  expect(await said("schedule", KICKOFF, { missing: 1 })).toMatch(
    /^ana signed the kick-off of Hawks – Bears: .*\. One more organiser has to confirm it\.$/,
  );
});

it("says what took effect, in sentences of the book", async () => {
  await wordsOfRules();
  const teams = { template: "{before} is now {after}.", values: { before: "Spain – Brazil", after: "Brazil – Spain" } };
  expect(await said("schedule", KICKOFF, { set: true, signers: [ANA, BRUNO], said: [teams] })).toBe(
    "ana and bruno: Spain – Brazil is now Brazil – Spain.",
  );
});

it("names a match that the pool does not have yet, and leads nowhere", async () => {
  const says: Says = {
    template: "{who} signs {match} without a kick-off.",
    values: {
      who: { player: ANA },
      match: { scheduled: { no: 2, code: "A2" }, between: ["Hawks", "Bears"] },
    },
  };
  expect(await said("schedule", says, { missing: 2 })).toBe(
    "ana signed Hawks – Bears without a kick-off time. 2 more organisers have to confirm it.",
  );
  expect(screen.queryByText("Hawks – Bears")?.tagName).not.toBe("A");
});

it("tells a result that one of two has signed", async () => {
  const outcome = { status: "played", after_90: { home: 2, away: 1 } } as const;
  const about = { no: 1, code: "A1" };
  const says: Says = {
    template: "{who} signs what became of {item}: {outcome}.",
    values: { who: { player: ANA }, item: { items: [about] }, outcome: { record: about, outcome } },
  };
  expect(await said("result", says, { missing: 1 })).toBe(
    "ana entered Hawks – Bears: 2:1. One more organiser has to confirm it.",
  );
});

it("says by its kind what a newer program has more words for, and shows a text as a text", async () => {
  const says: Says = { template: "{who} dances.", values: { who: { player: ANA } } };
  expect(await said("dance", says, {})).toBe("ana signed: dance.");
  const text = "<0>2:0</0> {who}";
  const objects: Says = {
    template: "{who} objects to the result of {item}: “{text}”",
    values: { who: { player: ANA }, item: { items: [{ no: 1, code: "A1" }] }, text },
  };
  expect(await said("object", objects, {})).toBe(`ana says the result of Hawks – Bears is wrong: “${text}”`);
});
