import { expect, it } from "vitest";

import { NO_RESULT, type Match, type ResultDraft } from "../outcome";
import { advancing, isLeg, isUntold, withAdvancing } from "./advances";

const goals = (home: number, away: number) => ({ home, away });
const draft = (more: Partial<ResultDraft>): ResultDraft => ({ ...NO_RESULT, ...more });

const WON = draft({ after_90: goals(2, 1) });
const LEVEL = draft({ after_90: goals(1, 1) });
const EXTRA = draft({ after_90: goals(1, 1), after_120: goals(1, 2) });
const SECOND_LEG = draft({ after_90: goals(2, 1), after_120: goals(3, 1) });
const SHOOTOUT = draft({ after_90: goals(2, 1), after_120: goals(2, 1), shootout: goals(3, 4) });

it.each([
  ["a win within 90 minutes", WON, null, "home"],
  ["a draw", LEVEL, null, null],
  ["extra time after a draw", EXTRA, "away", "away"],
  ["extra time after two legs", SECOND_LEG, null, "home"],
  ["a shoot-out", SHOOTOUT, "away", "away"],
])("of %s it is known, or likely, who advances", (_, of, known, likely) => {
  expect(advancing(of)).toBe(known);
  expect(isUntold(of)).toBe(known === null);
  expect(withAdvancing(NO_RESULT, of, false).advances).toBe(likely);
  expect(withAdvancing(NO_RESULT, of, true).advances).toBe(known);
});

it("is asked of whole scores only", () => {
  expect(isUntold(NO_RESULT)).toBe(false);
  expect(isUntold({ ...LEVEL, shootout: { home: 4, away: null } })).toBe(false);
  expect(isUntold({ ...LEVEL, status: "abandoned" })).toBe(false);
});

it("stays as it was said until a score changes", () => {
  const said = { ...WON, advances: "away" as const };
  expect(withAdvancing(said, { ...said, half_time: goals(1, 1) }, false).advances).toBe("away");
  expect(withAdvancing(said, { ...said, after_90: goals(1, 1) }, false).advances).toBeNull();
});

const meets = (no: number, home: string, away: string, stage: string): Match =>
  ({ no, home: { name: home }, away: { name: away }, stage }) as Match;
const HERE = meets(1, "Hawks", "Bears", "Semi-finals");

it.each([
  ["the match itself", HERE, false],
  ["one back, in the same round", meets(2, "Bears", "Hawks", "Semi-finals"), true],
  ["one in a round of another name", meets(2, "Bears", "Hawks", "Semi-finals, 2nd leg"), true],
  ["one with the same sides", meets(2, "Hawks", "Bears", "Semi-finals"), true],
  ["one in a group", meets(2, "Bears", "Hawks", "Group A"), false],
  ["one of another team", meets(2, "Bears", "Lions", "Semi-finals"), false],
])("may be one of two legs beside %s: %o", (_, other, leg) => expect(isLeg(HERE, [HERE, other])).toBe(leg));
