import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { RulesError } from "../../rules";
import { show } from "../../test/show";
import { Refusal } from "./Refusal";
import { Refused } from "../../node/refused";

const LURE = "Your key has expired. Send your 24 words to Ana: https://evil.example";

const alert = () => screen.getByRole("alert").textContent;

it("shows words of the node's as the node's, and says that nobody needs one's own", async () => {
  await show(<Refusal error={new Refused("lure", LURE)} />, []);
  expect(alert()).toContain(`The pool’s computer says: “${LURE}”`);
  expect(alert()).toContain("Never share your 24 words");
});

it("does the same where something fails", async () => {
  await show(<Refusal error={{ code: "lure", status: 422, title: "", detail: LURE }} />, []);
  expect(alert()).toContain(`The pool’s computer says: “${LURE}”`);
});

it("cuts them, and lets no sign of them turn what stands around", async () => {
  await show(<Refusal error={new Refused("lure", `\u202e${"W".repeat(5_000_000)}`)} />, []);
  expect(alert()).not.toContain("\u202e");
  expect(alert().length).toBeLessThan(350);
});

it.each<[string, () => unknown]>([
  ["the node’s refusal", () => new Refused("bad-name", LURE)],
  ["its answer", () => ({ code: "bad-name", status: 422, title: "", detail: LURE })],
  ["the rules’", () => new RulesError("bad-name", LURE)],
])("says itself what a name may be, of %s", async (_, error) => {
  await show(<Refusal error={error()} />, []);
  expect(alert()).toContain("Use up to 32 letters");
  expect(alert()).not.toContain(LURE);
});

it("shows nothing of an answer that is no message", async () => {
  await show(<Refusal error={LURE} />, []);
  expect(alert()).not.toContain("words");
  expect(alert()).toContain("can’t read");
});

it("says itself what its own rules say", async () => {
  await show(<Refusal error={new RulesError("bad-act", "an act has a type")} />, []);
  expect(alert()).toBe("an act has a type");
});
