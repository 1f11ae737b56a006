import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Differed } from "./Differed";
import type { Meeting } from "./duel";

const MATCH = {
  ...{ no: 1, code: "BrCh", status: "closed", home: { name: "Hawks" }, away: { name: "Bears" }, record: null },
} as unknown as Shapes["MatchBody"];

const bet = (more: Partial<Shapes["BetBody"]>): Shapes["BetBody"] =>
  ({ match: { no: 1, code: "BrCh" }, score: { home: 1, away: 1 }, stake: 0, ...more }) as Shapes["BetBody"];

/** The match without a score, between the two tips. */
const NAMES = "HawksHawks – Bears–Bears";

const chips = (met: Meeting) => show(<Differed met={[met]} name="Ben" />);
const said = () => screen.getByRole("link").textContent;

it("shows which team each of two equal scores lets go through", async () => {
  await chips({ match: MATCH, mine: bet({ through: "home" }), theirs: bet({ through: "away" }) });
  expect(said()).toBe(`1:1Hawks${NAMES}1:1Bears`);
});

it("shows no team where a tip names none", async () => {
  await chips({ match: MATCH, mine: bet({}), theirs: bet({ score: { home: 0, away: 2 } }) });
  expect(said()).toBe(`1:1${NAMES}0:2`);
});
