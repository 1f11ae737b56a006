import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { speak } from "../../../words/languages";
import type { Match, WaitingPlan } from "../outcome";
import { Plans } from "./Plans";

const match = (home: string, away: string) =>
  ({ no: 1, code: "A1", stage: "Final", home: { name: home }, away: { name: away } }) as Match;

const plan = (fixture: Match) =>
  ({
    id: "1",
    type: "schedule",
    match: { no: 1, code: "A1" },
    about: { no: 1, code: "A1" },
    fixture,
    signers: [],
    signatures_needed: 2,
    signable: true,
  }) as unknown as WaitingPlan;

const shown = async (before: Match, after: Match) => {
  const piece = <Plans votes={[plan(after)]} matches={[before]} account="me" />;
  await show(piece, [[poolOptions().queryKey, { id: "pool" }]]);
};

it("calls teams as the reader does", async () => {
  await speak("de");
  await shown(match("Portugal", "Spain"), match("Portugal", "Switzerland"));
  expect(screen.getByText("Portugal – Spanien", { selector: "s" })).toBeDefined();
  expect(screen.getByText("Portugal – Schweiz", { selector: "strong" })).toBeDefined();
  await speak("en");
});

it("shows how names are written where that is all that changes", async () => {
  await shown(match("Portugal", "Turkey"), match("Portugal", "Türkiye"));
  expect(screen.getByText("Portugal – Turkey", { selector: "s" })).toBeDefined();
  expect(screen.getByText("Portugal – Türkiye", { selector: "strong" })).toBeDefined();
});

it("shows that only a team’s short code changes", async () => {
  const before = match("Portugal", "Japan");
  await shown(before, { ...before, away: { name: "Japan", code: "JAP" } });
  expect(screen.getByText("Portugal – Japan (JAP)", { selector: "strong" })).toBeDefined();
});

it("shows a day to its end", async () => {
  const day = { begins: "2030-03-16T00:00:00Z", ends: "2030-03-17T00:00:00Z" };
  const vote = { ...plan(match("Portugal", "Japan")), type: "day", day } as unknown as WaitingPlan;
  const piece = <Plans votes={[vote]} matches={[match("Portugal", "Japan")]} account="me" />;
  await show(piece, [[poolOptions().queryKey, { id: "pool" }]]);
  expect(screen.getByText(/On the day from/).querySelectorAll("strong")).toHaveLength(2);
  expect(screen.getByText("Confirm it")).toBeDefined();
});
