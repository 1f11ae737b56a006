import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { differed, leads, meetings, pointsATip, rightWinners } from "./duel";

type Bet = Shapes["BetBody"];
type Match = Shapes["MatchBody"];

const match = (no: number, status: Match["status"], score?: { home: number; away: number }): Match =>
  ({ no, code: `m${no}`, status, kickoff: `2030-06-0${9 - no}T12:00:00Z`, record: score && { score } }) as Match;
const bet = (no: number, said: string | undefined, points?: number): Bet => {
  const [home = 0, away = 0] = (said ?? "").split(":").map(Number);
  return { match: { no, code: `m${no}` }, score: said === undefined ? null : { home, away }, points } as Bet;
};

const score = { home: 1, away: 0 };
const matches = [match(1, "scheduled"), match(2, "closed"), match(3, "final", score), match(4, "final", score)];
const mine = [bet(1, "9:9"), bet(2, "2:1"), bet(3, "0:0", 0), bet(4, "1:0", 4)];
const theirs = [bet(1, "1:1"), bet(2, "0:1"), bet(3, "1:0", 4)];

it("begins with the first kick-off, and leaves out what has not begun", () => {
  expect(meetings(matches, mine, theirs).map((met) => met.match.no)).toEqual([4, 3, 2]);
});

it("says by how much I was ahead after each match that has a score", () => {
  expect(leads(meetings(matches, mine, theirs)).map(({ match: { no }, by }) => [no, by])).toEqual([
    [4, 4],
    [3, 0],
  ]);
});

it("finds where two differed, also where one tipped nothing, the last match first", () => {
  const met = meetings(matches, mine, theirs);
  expect(differed(met).map((it) => it.match.no)).toEqual([2, 3, 4]);
  expect(differed(meetings(matches, mine, mine))).toEqual([]);
  expect(differed(meetings(matches, [bet(2, undefined)], [])).length).toBe(0);
});

it("finds where two named different teams after the same score", () => {
  const [one, other] = ["home", "away"].map((through) => [{ ...bet(2, "1:1"), through }]);
  expect(differed(meetings(matches, one ?? [], other ?? [])).map((it) => it.match.no)).toEqual([2]);
  expect(differed(meetings(matches, one ?? [], one ?? []))).toEqual([]);
});

it("counts every right winner, and points for tips that were compared only", () => {
  const tally = { place: 1, points: 7, exact: 1, differences: 1, tendencies: 0, tips: 4, missing: 3 };
  expect(rightWinners(tally)).toBe(2);
  expect(pointsATip(tally)).toBe(1.75);
  expect(pointsATip({ ...tally, tips: 0 })).toBeUndefined();
});
