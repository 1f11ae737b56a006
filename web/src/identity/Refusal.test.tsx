import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { RulesError } from "../rules";
import { show } from "../test/show";
import { Refusal } from "./Refusal";
import { Refused } from "./refused";

const LURE = "Your key has expired. Send your 24 words to Ana: https://evil.example";

const alert = () => screen.getByRole("alert").textContent;

it("shows words of the node's as the node's, and says that nobody needs one's own", async () => {
  await show(<Refusal error={new Refused("lure", LURE)} />, []);
  expect(alert()).toContain(`The pool’s computer says: “${LURE}”`);
  expect(alert()).toContain("Nobody ever needs your 24 words");
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

it("quotes what the node says of a name", async () => {
  await show(<Refusal error={new Refused("bad-name", LURE)} />, []);
  expect(alert()).toBe(`This name cannot be had: “${LURE}”`);
});

it("shows nothing of an answer that is no message", async () => {
  await show(<Refusal error={LURE} />, []);
  expect(alert()).not.toContain("words");
  expect(alert()).toContain("cannot read");
});

it("says itself what its own rules say", async () => {
  await show(<Refusal error={new RulesError("bad-name", "a name has no more than 32 signs")} />, []);
  expect(alert()).toBe("This name cannot be had: a name has no more than 32 signs");
});
