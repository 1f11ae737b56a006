import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { objectionsOptions, poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import type { Match } from "../outcome";
import { Entered } from "./Entered";

const ANA = { account: "ana", name: "Ana" };
const match = {
  no: 1,
  code: "A1",
  home: { name: "Hawks" },
  away: { name: "Bears" },
  kickoff: "2026-01-01T12:00:00Z",
  stage: "Final",
  postponed: false,
  record: {
    version: 1,
    outcome: { status: "played", after_90: { home: 1, away: 0 } },
    objections: 1,
    signers: [ANA],
    since: "2026-01-01T14:00:00Z",
    provisional: true,
  },
} as unknown as Match;

const shown = (version: number) =>
  show(<Entered records={[match]} account="ana" />, [
    [poolOptions().queryKey, { id: "pool" }],
    [
      objectionsOptions({ no: 1, code: "A1" }).queryKey,
      [{ player: { account: "bob", name: "Bob" }, version, text: "it was 1:0" }],
    ],
  ]);

it("shows what is said against the record that stands", async () => {
  await shown(1);
  expect(screen.getByText(/Bob: “it was 1:0”/)).toBeDefined();
});

it("says nothing where the record before was objected to", async () => {
  await shown(0);
  expect(screen.getByText("Correct it")).toBeDefined();
  expect(screen.queryByText(/it was 1:0/)).toBeNull();
});
