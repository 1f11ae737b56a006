import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { speak } from "../../words/languages";
import type { Match } from "./outcome";
import { Plans } from "./Plans";
import type { WaitingPlan } from "./ToSign";

const match = (home: string, away: string) => ({ no: 1, home: { name: home }, away: { name: away } }) as Match;

const plan = (fixture: Match) =>
  ({
    id: "1",
    type: "schedule",
    match: { no: 1 },
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
  expect(screen.getByText("Portugal – Spanien").tagName).toBe("S");
  expect(screen.getByText("Portugal – Schweiz").tagName).toBe("STRONG");
  await speak("en");
});

it("shows how names are written where that is all that changes", async () => {
  await shown(match("Portugal", "Turkey"), match("Portugal", "Türkiye"));
  expect(screen.getByText("Portugal – Turkey").tagName).toBe("S");
  expect(screen.getByText("Portugal – Türkiye").tagName).toBe("STRONG");
});
