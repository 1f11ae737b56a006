import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { isContested } from "./doubt";
import { isOver, toPlay } from "./over";
import type { Standing } from "./Row";
import { forms, lastCounted } from "./useForm";
import { inOrderOf, newLead } from "./useSettling";

type Match = Shapes["MatchBody"];

const played = { outcome: { status: "played" }, score: { home: 1, away: 0 }, provisional: true, objections: 0 };
const match = (no: number, record: object | null = played, more: object = {}) =>
  ({ no, stage: "A", kickoff: `2030-01-0${no}T12:00:00Z`, postponed: false, record, ...more }) as unknown as Match;
const line = (name: string, place: number) => ({ player: { account: name, name }, place }) as Standing;
const bet = (account: string, points: number | null, tier: string) => ({
  player: { account, name: account },
  points,
  tier,
});

describe("a round", () => {
  const round = { matches: [{ no: 1 }, { no: 2 }], scored: 1 } as Shapes["RoundBody"];
  const over = (second: Match) => isOver(round, new Map([match(1), second].map((it) => [it.no, it])));

  it("is over when something became of all of its matches", () => {
    expect(over(match(2))).toBe(true);
    expect(over(match(2, { outcome: { status: "cancelled" } }))).toBe(true);
    expect(over(match(2, null))).toBe(false);
    expect(over(match(2, { outcome: { status: "postponed" } }, { postponed: true }))).toBe(false);
    expect(isOver({ ...round, scored: 0 }, new Map())).toBe(false);
  });

  it("has the matches still to play of which nothing is recorded", () => {
    expect(toPlay(round, new Map([[1, match(1)]]))).toBe(1);
  });
});

describe("form", () => {
  it("is of the last five matches that count, in order of kick-offs", () => {
    const all = [7, 1, 3, 2, 5, 4, 6].map((no) => match(no, no === 6 ? null : played));
    expect(lastCounted(all).map(({ no }) => no)).toEqual([2, 3, 4, 5, 7]);
    expect(lastCounted(all, "B")).toEqual([]);
  });

  it("tells exact tips, points, and neither", () => {
    const form = forms([[bet("ana", 4, "exact"), bet("bo", 2, "tendency")], [bet("ana", 0, "none")], []]);
    expect(form("ana")).toEqual(["exact", "none", "none"]);
    expect(form("bo")).toEqual(["points", "none", "none"]);
  });
});

describe("places as they were shown last", () => {
  const now = [line("bo", 1), line("ana", 2), line("new", 3)];

  it("give the order from which rows slide", () => {
    expect(inOrderOf(now, { ana: 1, bo: 2 }).map(({ player }) => player.account)).toEqual(["ana", "bo", "new"]);
  });

  it("tell who leads since", () => {
    expect(newLead(now, { ana: 1, bo: 2 })).toMatchObject({ is: "overtake", first: [{ name: "bo" }] });
    expect(newLead(now, { bo: 1, ana: 2 })).toBeUndefined();
  });
});

it("a result is in doubt while it can change and somebody objected, or another one lacks signatures", () => {
  const waiting = [{ type: "result", match: { no: 1 } }] as Shapes["WaitingBody"][];
  expect(isContested(match(1), [])).toBe(false);
  expect(isContested(match(1, { ...played, objections: 1 }), [])).toBe(true);
  expect(isContested(match(1), waiting)).toBe(true);
  expect(isContested(match(1, { ...played, provisional: false, objections: 1 }), waiting)).toBe(false);
});
