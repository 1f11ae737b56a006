import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { matchOf, planOf } from "./same";

type Match = Shapes["MatchBody"];

const KICKOFF = "2030-06-01T18:00:00Z";
const NOW_S = Date.parse("2030-05-31T00:00:00Z") / 1000;

const match = (no: number, home: string, away: string, more: Partial<Match> = {}): Match =>
  ({
    ...{ no, code: `M${no}`, status: "scheduled", kickoff: KICKOFF, deadline: KICKOFF, postponed: false },
    ...{ home: { name: home }, away: { name: away } },
    ...more,
  }) as Match;

const HERE = match(1, "Portugal", "Spain");
const wanted = { match: matchOf(HERE), home: 2, away: 1 };
const plan = (there: Match, tips = new Map<number, { home: number; away: number }>()) => {
  const { send, same, absent } = planOf([wanted], [there], tips, NOW_S);
  return { send: send.map(({ match: { no }, score }) => [no, score.home, score.away]), same, absent };
};

it("finds the same match under another number, however its kick-off is written", () => {
  const there = match(7, "Portugal", "Spain", { kickoff: "2030-06-01T20:00:00+02:00" });
  expect(plan(there)).toEqual({ send: [[7, 2, 1]], same: 0, absent: 0 });
});

it.each([
  ["other teams", match(1, "Portugal", "France")],
  ["teams the other way round", match(1, "Spain", "Portugal")],
  ["another kick-off", match(1, "Portugal", "Spain", { kickoff: "2030-06-01T19:00:00Z" })],
  ["no kick-off", match(1, "Portugal", "Spain", { kickoff: null })],
  ["one that has closed", match(1, "Portugal", "Spain", { deadline: "2030-05-30T00:00:00Z" })],
  ["one that is over", match(1, "Portugal", "Spain", { status: "final" })],
])("leaves out %s", (_, there) => {
  expect(plan(there)).toEqual({ send: [], same: 0, absent: 1 });
});

it("leaves out what says the same there, and no other score", () => {
  expect(plan(HERE, new Map([[1, { home: 2, away: 1 }]]))).toEqual({ send: [], same: 1, absent: 0 });
  expect(plan(HERE, new Map([[1, { home: 1, away: 1 }]]))).toEqual({ send: [[1, 2, 1]], same: 0, absent: 0 });
});

it("counts an answer to a question as absent", () => {
  const { absent, send } = planOf([{ match: undefined, home: 1, away: 0 }, wanted], [HERE], new Map(), NOW_S);
  expect([absent, send.length]).toEqual([1, 1]);
});
