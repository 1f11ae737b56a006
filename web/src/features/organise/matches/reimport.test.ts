import { describe, expect, it } from "vitest";

import type { Match } from "../outcome";
import type { Plan, Planned } from "./plan";
import { canSign, changesOf, chosenAgain, isResult, sameMatch, saysTheSame, usual } from "./reimport";

const team = (name: string, code?: string) => (code === undefined ? { name } : { name, code });

const fixture = (no: number, code: string, home = "Portugal", away = "Spain", kickoff: string | null = AT) => ({
  no,
  code,
  home: team(home),
  away: team(away),
  kickoff,
  stage: "Final",
});

const AT = "2030-06-01T18:00:00Z";
const LATER = "2030-06-02T19:00:00Z";
const AFTER = "2030-06-03T19:00:00Z";
const at_s = (moment: string): number => Date.parse(moment) / 1000;

const match = (no: number, code: string, more: object = {}) =>
  ({ ...fixture(no, code), record: null, postponed: false, ...more }) as unknown as Match;

const planned = (no: number, code: string, signs: unknown[], more: object = {}) =>
  ({ match: { no, code }, signs, verdict: "sign", ...more }) as unknown as Planned;

const schedule = (to: object) => ({ type: "schedule", fixture: to });

function one(change: Planned, matches = [match(1, "A1")]) {
  const [found] = changesOf({ changes: [change] } as unknown as Plan, matches);
  if (found === undefined) throw new Error("no change");
  return found;
}

const partsOf = ({ steps }: ReturnType<typeof one>) => steps.flatMap(({ parts }) => parts);

describe("a newer list", () => {
  it("moves a kick-off, and signs just that", () => {
    const found = one(planned(1, "A1", [schedule(fixture(1, "A1", "Portugal", "Spain", LATER))]));
    expect(partsOf(found)).toEqual([{ is: "moved", from: at_s(AT), to: at_s(LATER) }]);
    expect(found.acts).toEqual([{ type: "schedule", fixture: { ...fixture(1, "A1"), kickoff: at_s(LATER) } }]);
    expect(usual(found)).toBe(true);
  });

  it("fills in teams, with their short names", () => {
    const after = { ...fixture(1, "A1", "France"), home: team("France", "FRA") };
    const found = one(planned(1, "A1", [schedule(after)]));
    expect(partsOf(found)).toMatchObject([{ is: "teams", to: [{ name: "France", code: "FRA" }, { name: "Spain" }] }]);
  });

  it("adds a match under a number and a code of its own", () => {
    const found = one(planned(2, "B1", [schedule(fixture(2, "B1"))]));
    expect(partsOf(found)).toMatchObject([{ is: "new", fixture: { no: 2, code: "B1" } }]);
    expect(canSign(found)).toBe(true);
  });

  it("proposes results, which nobody signs unseen", () => {
    const outcome = { status: "played", after_90: { home: 2, away: 1 } };
    const found = one(planned(1, "A1", [{ type: "result", outcome }]));
    expect(partsOf(found)).toEqual([{ is: "result", outcome, corrects: null }]);
    expect([canSign(found), isResult(found), usual(found)]).toEqual([true, true, false]);
  });

  it("has a day shown and signed", () => {
    const day = { begins: AT, ends: LATER };
    const found = one(planned(1, "A1", [{ type: "day", day }]));
    expect(found.acts).toEqual([{ type: "day", match_no: 1, day: { begins: at_s(AT), ends: at_s(LATER) } }]);
  });

  it.each([
    { why: "perhaps", code: "A1" },
    { why: "alike", name: "Portugla", meant: "Portugal" },
  ])("is doubtful where a new match wants a look: $why", (doubt) => {
    const found = one(planned(2, "B1", [schedule(fixture(2, "B1"))], { verdict: "doubt", doubt }));
    expect([canSign(found), usual(found)]).toEqual([true, false]);
    const full = { why: "full", room: 1 };
    const none = one(planned(0, "B1", [], { verdict: "doubt", doubt: full }));
    expect([none.verdict, canSign(none)]).toEqual(["doubt", false]);
  });

  it("signs nothing of a match that comes again, which would take back what is shown before", () => {
    const moved = planned(1, "A1", [schedule(fixture(1, "A1", "Portugal", "Spain", LATER))]);
    const filled = planned(1, "A1", [schedule(fixture(1, "A1", "France"))]);
    const twice = [planned(2, "B1", [schedule(fixture(2, "B1"))]), planned(3, "b1", [schedule(fixture(3, "b1"))])];
    const found = changesOf({ changes: [moved, filled, ...twice] } as unknown as Plan, [match(1, "A1")]);
    expect(found.map(({ verdict }) => verdict)).toEqual(["sign", "strange", "sign", "strange"]);
  });

  it("signs a result of a match whose kick-off is refused or has to be looked at", () => {
    const result = planned(1, "A1", [
      { type: "result", outcome: { status: "played", after_90: { home: 2, away: 1 } } },
    ]);
    const refused = { verdict: "refused", code: "match-started", detail: "it has begun" };
    const moved = planned(1, "A1", [schedule(fixture(1, "A1", "Portugal", "Spain", LATER))], refused);
    const filled = planned(1, "A1", [schedule(fixture(1, "A1", "France"))]);
    const noTime = planned(1, "A1", [], { verdict: "doubt", doubt: { why: "no_time", date: "2030-06-01" } });
    const of = (...changes: Planned[]) => changesOf({ changes } as unknown as Plan, [match(1, "A1")]);
    expect(of(moved, result).map(({ verdict, acts }) => [verdict, acts.length])).toEqual([
      ["refused", 1],
      ["sign", 1],
    ]);
    expect(of(noTime, filled, result).map(({ verdict }) => verdict)).toEqual(["doubt", "sign", "sign"]);
    expect(new Set(of(noTime, filled, result).map(({ key }) => key)).size).toBe(3);
  });

  it.each([
    ["a moment that is none", [schedule(fixture(1, "A1", "Portugal", "Spain", "soon"))]],
    ["a part of a second", [schedule(fixture(1, "A1", "Portugal", "Spain", "2030-06-02T19:00:00.5Z"))]],
    [
      "two schedules",
      [schedule(fixture(1, "A1", "Portugal", "Spain", LATER)), schedule(fixture(1, "A1", "France", "Spain"))],
    ],
    ["another stage", [schedule({ ...fixture(1, "A1", "Portugal", "Spain", LATER), stage: "Friendly" })]],
    ["nothing", [schedule(fixture(1, "A1"))]],
    ["another match", [schedule(fixture(3, "A1", "Portugal", "Spain", LATER))]],
    ["another code", [schedule(fixture(1, "Z9", "Portugal", "Spain", LATER))]],
    ["no day", [{ type: "day", day: null }]],
    ["somebody as organiser", [{ type: "organiser", player: { account: "bolao1x" }, added: true }]],
    ["a keeper", [{ type: "appoint", key: "00", weight: 1, validator: { account: "bolao1x" } }]],
    ["an unknown outcome", [{ type: "result", outcome: { status: "forgotten" } }]],
    [
      "something beside what is shown",
      [schedule(fixture(1, "A1", "Portugal", "Spain", LATER)), { type: "organiser", player: {}, added: true }],
    ],
  ])("signs nothing where the node proposes %s", (_, signs) => {
    const found = one(planned(1, "A1", signs));
    expect([found.verdict, found.acts, canSign(found)]).toEqual(["strange", [], false]);
  });

  it.each([
    ["a number", planned(1, "B1", [schedule(fixture(1, "B1"))])],
    ["a code", planned(2, "a1", [schedule(fixture(2, "a1"))])],
  ])("signs no new match under %s that is taken", (_, change) => {
    expect(one(change).verdict).toBe("strange");
  });
});

describe("a list that is compared again", () => {
  const moved = (to: string, more: object = {}) =>
    one(planned(1, "A1", [schedule(fixture(1, "A1", "Portugal", "Spain", to))], more));
  const result = (home: number) =>
    one(planned(1, "A1", [{ type: "result", outcome: { status: "played", after_90: { home, away: 1 } } }]));
  const fresh = one(planned(2, "B1", [schedule(fixture(2, "B1"))]));

  it("says the same where neither the list nor the match has changed", () => {
    expect(saysTheSame(moved(LATER), moved(LATER))).toBe(true);
    const elsewhere = [match(1, "A1", { kickoff: "2030-05-31T18:00:00Z" })];
    const after = one(planned(1, "A1", [schedule(fixture(1, "A1", "Portugal", "Spain", LATER))]), elsewhere);
    expect(saysTheSame(moved(LATER), after)).toBe(false);
    expect(saysTheSame(moved(LATER), moved(LATER, { verdict: "signed" }))).toBe(false);
    expect(saysTheSame(moved(LATER), undefined)).toBe(false);
  });

  it("knows a match that has changed", () => {
    const before = match(1, "A1");
    expect(sameMatch(before, match(1, "A1"))).toBe(true);
    expect(sameMatch(before, match(1, "A1", { kickoff: LATER }))).toBe(false);
    expect(sameMatch(before, match(1, "A1", { postponed: true }))).toBe(false);
    expect(sameMatch(undefined, before)).toBe(false);
    expect(sameMatch(undefined, undefined)).toBe(true);
  });

  it("is chosen from as before, but for what was not shown as it is now", () => {
    const chosen = new Set(["A1"]);
    const again = (now: ReturnType<typeof one>, before: ReturnType<typeof one>, those = chosen) => [
      ...chosenAgain([now, fresh], [before], those),
    ];
    expect(again(moved(LATER), moved(LATER))).toEqual(["A1"]);
    expect(again(moved(LATER), moved(LATER), new Set())).toEqual([]);
    expect(again(moved(AFTER), moved(LATER))).toEqual([]);
    expect(again(result(2), result(2))).toEqual(["A1"]);
    expect(again(result(3), result(2))).toEqual([]);
  });
});
