import { expect, it } from "vitest";

import type { Sent } from "../../keys/sent";
import type { Shapes } from "../../node/client";
import { ofMatch } from "../tippable";
import {
  type Draft,
  draftOf,
  isDraft,
  predictedBy,
  predictedIn,
  predictionOf,
  sameDraft,
  samePrediction,
  withGoals,
  withThrough,
} from "./draft";
import { keptTips } from "./ownTips";

const DRAW = { home: 1, away: 1, stake: 0 };
const HOME = { ...DRAW, through: "home" as const };
const AWAY = { ...DRAW, through: "away" as const };
/** Away goes through after two legs, although home wins this one. */
const LOST = { ...AWAY, home: 2 };
const MATCH = { no: 1, code: "BrCh", home: { name: "Brazil" }, away: { name: "Porto" } } as Shapes["MatchBody"];

it("names a team with one tap, the other with another, and none with a second on the same", () => {
  expect(withThrough(DRAW, "home")).toEqual(HOME);
  expect(withThrough(HOME, "away")).toEqual(AWAY);
  expect(withThrough(HOME, "home")).toEqual(DRAW);
});

it.each([
  ["no draw", { home: 2 }],
  ["half a score", { away: null }],
])("names none once it is %s", (_, goals) => {
  expect(withGoals(HOME, goals)).toEqual({ ...DRAW, ...goals });
  expect(withThrough({ ...DRAW, ...goals }, "home")).toEqual({ ...DRAW, ...goals });
});

it("takes the team back, or another one, where one is named in what is no draw", () => {
  expect(withThrough(LOST, "away")).toEqual({ ...DRAW, home: 2 });
  expect(withThrough(LOST, "home")).toEqual({ ...LOST, through: "home" });
});

it.each([HOME, LOST])("stays named until there are other goals: %j", (draft) => {
  expect(withGoals(draft, { home: draft.home, away: 1 })).toEqual(draft);
  expect(withGoals(draft, { home: 3 })).toEqual({ ...DRAW, home: 3 });
  expect(withGoals(draft, { home: 3, away: 3 })).toEqual({ ...DRAW, home: 3, away: 3 });
});

it.each([
  ["one that names a team", HOME, true],
  ["one that names none", DRAW, true],
  ["one that names a team and is no draw", LOST, true],
  ["half a score", { ...HOME, away: null }, false],
  ["nothing", { ...HOME, home: null, away: null }, false],
  ["a third team", { ...DRAW, through: "both" }, false],
])("what was kept is a draft: %s", (_, it, is) => expect(isDraft(it)).toBe(is));

it("is another tip with another team", () => {
  const pairs: [Draft, Draft][] = [
    [HOME, { ...HOME }],
    [HOME, AWAY],
    [HOME, DRAW],
    [LOST, { ...LOST }],
    [LOST, { ...DRAW, home: 2 }],
  ];
  expect(pairs.map(([one, other]) => samePrediction(one, other))).toEqual([true, false, false, true, false]);
  expect(pairs.map(([one, other]) => sameDraft(one, other))).toEqual([true, false, false, true, false]);
});

it.each([
  [DRAW, { score: { home: 1, away: 1 } }],
  [HOME, { through_home: { home: 1, away: 1 } }],
  [AWAY, { through_away: { home: 1, away: 1 } }],
  [LOST, { through_away: { home: 2, away: 1 } }],
  [{ ...LOST, through: "home" as const }, { through_home: { home: 2, away: 1 } }],
])("is signed, and read from what was signed: %j", (draft, prediction) => {
  expect(predictionOf(draft)).toEqual(prediction);
  expect(draftOf({ score: predictedIn(prediction), stake: 0 })).toEqual(draft);
});

it("is read from what the node says of a tip", () => {
  const score = { home: 1, away: 1 };
  expect(predictedBy({ score, through: "away" })).toEqual({ ...score, through: "away" });
  expect(predictedBy({ score })).toBe(score);
  expect(predictedBy({ score: null })).toBeNull();
  expect(predictedBy({ score: { home: 2, away: 1 }, through: "away" })).toEqual({ home: 2, away: 1, through: "away" });
});

it("is read from what was sent from here", () => {
  const tips = [{ match_no: 1, stake: 0, prediction: predictionOf(AWAY) }];
  const sent: Sent = { id: "a", fate: "sent", nonce: 1, transaction: "a1", at_ms: 0, tips };
  const [kept] = keptTips([sent], [], new Map([[1, "BrCh"]]), new Set());
  expect(draftOf(kept?.tip)).toEqual(AWAY);
});

it("reads with the team", () => {
  const { says } = ofMatch(MATCH);
  expect([says(DRAW), says(HOME), says(AWAY, ":")]).toEqual(["1 : 1", "1 : 1 · Brazil", "1:1 · Porto"]);
  expect(says(LOST)).toBe("2 : 1 · Porto");
});
