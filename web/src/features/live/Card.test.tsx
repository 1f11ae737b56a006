import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Card } from "./Card";

const MATCH = {
  ...{ no: 1, code: "R1", status: "closed", kickoff: "2020-01-01T12:00:00Z", record: null },
  ...{ home: { name: "Hawks" }, away: { name: "Bears" } },
} as unknown as Shapes["MatchBody"];

const tipOf = (score: OwnTip["score"]): OwnTip => ({
  ...{ match: { no: 1, code: "R1" }, score, stake: 0, state: "stamped", sealed: true, transaction: "t" },
  bet: undefined,
});

it.each([
  ["a team", { home: 1, away: 1, through: "away" as const }, "1:1 · Bears"],
  ["no team", { home: 1, away: 1 }, "1:1"],
])("shows one's own tip that names %s", async (_, score, says) => {
  await show(<Card match={MATCH} live={undefined} bets={undefined} players={2} tip={tipOf(score)} plays />);
  expect(screen.getByText("Your tip").textContent).toBe(`Your tip${says}`);
});
