import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Mine, Tipped } from "./Before";

const match = { home: { name: "Hawks" }, away: { name: "Bears" } } as Shapes["MatchBody"];
const lift = (): void => undefined;

it("invites to tip for as long as that counts", async () => {
  await show(<Mine match={match} tip={undefined} open locked={false} lift={lift} />);
  expect(screen.getByText("Tip now")).toBeDefined();
});

it("shows the own tip that nobody else can read, and no way to change it once it is too late", async () => {
  const tip = { score: { home: 2, away: 1 }, sealed: true, state: "stamped" } as OwnTip;
  await show(<Mine match={match} tip={tip} open={false} locked={false} lift={lift} />);
  expect(screen.getByTestId("shown").textContent).toMatch(/2:1only you/);
  expect(screen.queryByText("Change")).toBeNull();
});

it("names who has tipped, and nothing of the tips", async () => {
  const bets = [{ player: { account: "a", name: "Ana" }, score: { home: 7, away: 7 } }] as Shapes["BetBody"][];
  await show(<Tipped bets={bets} players={3} />);
  expect(screen.getByText("Ana")).toBeDefined();
  expect(screen.getByTestId("shown").textContent).not.toMatch(/7/);
});
