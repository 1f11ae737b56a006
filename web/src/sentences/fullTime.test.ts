import { describe, expect, it } from "vitest";

import type { Shapes } from "../node/client";
import { closesRound, endsOf, isCounted, isNews, newsOf, wonOf } from "./fullTime";

type Match = Shapes["MatchBody"];
type Bet = Shapes["BetBody"];
type Line = Shapes["StandingBody"];

const at = (time: string): number => Date.parse(`2026-06-11T${time}Z`) / 1000;

/** A match of "Matchday 1"; with a time, its result has stood since then. */
const match = (no: number, since?: string, more: object = {}): Match =>
  ({
    no,
    code: `M${no}`,
    stage: "Matchday 1",
    postponed: false,
    record:
      since === undefined
        ? null
        : { since: `2026-06-11T${since}Z`, score: { home: 2, away: 1 }, outcome: { status: "played" } },
    ...more,
  }) as unknown as Match;

const cancelled = (no: number, since: string): Match =>
  match(no, since, { record: { since: `2026-06-11T${since}Z`, score: null, outcome: { status: "cancelled" } } });

describe("the results to show", () => {
  const codes = (matches: Match[], looked: number, now: number) => endsOf(matches, looked, now).map(({ code }) => code);

  it("are those since this device first looked, the oldest first", () => {
    const all = [match(3, "17:00:00"), match(2, "15:00:00"), match(1, "12:00:00"), match(4)];
    expect(codes(all, at("14:00:00"), at("18:00:00"))).toEqual(["M2", "M3"]);
    expect(codes(all, at("18:00:00"), at("18:00:00"))).toEqual([]);
  });

  it("are none of before yesterday, and few of many", () => {
    const season = Array.from({ length: 20 }, (_, no) => match(no, `12:00:${10 + no}`));
    expect(codes(season, 0, at("12:30:00"))).toEqual(["M12", "M13", "M14", "M15", "M16", "M17", "M18", "M19"]);
    expect(codes(season, 0, at("12:30:00") + 24 * 3600)).toEqual([]);
  });

  it("are none of a match without a score", () => {
    expect(codes([cancelled(1, "12:00:00")], 0, at("12:30:00"))).toEqual([]);
  });
});

describe("a round", () => {
  it("is closed by the last of its matches that is counted, cancelled ones among them", () => {
    const all = [
      match(1, "12:00:00"),
      match(2, "15:00:00"),
      cancelled(3, "11:00:00"),
      match(9, undefined, { stage: "Final" }),
    ];
    expect(all.map((one) => closesRound(one, all))).toEqual([false, true, false, false]);
  });

  it("is closed once by several of the same moment, and not while one is to be played", () => {
    const all = [match(1, "12:00:00"), match(2, "12:00:00")];
    expect(all.map((one) => closesRound(one, all))).toEqual([false, true]);
    expect(all.map((one) => closesRound(one, [...all, match(3)]))).toEqual([false, false]);
  });

  it("of one match is not won, nor one in which nobody has a point", () => {
    const one = match(1, "12:00:00");
    expect(closesRound(one, [one])).toBe(false);
    const first = { place: 1, points: 0 } as Line;
    expect(wonOf("Matchday 1", [first])).toBeUndefined();
    expect(
      wonOf("Matchday 1", [
        { ...first, points: 3 },
        { ...first, place: 2 },
      ])?.winners,
    ).toHaveLength(1);
  });
});

describe("what a result brought", () => {
  const bet = (name: string, points: number, tier: string): Bet =>
    ({ player: { account: name, name }, score: { home: 2, away: 1 }, points, tier }) as Bet;
  const line = (name: string, place: number, points: number): Line =>
    ({ player: { account: name, name }, place, points, exact: 0, differences: 0, tendencies: 0, tips: 5 }) as Line;
  const table = [line("Me", 1, 10), line("Ana", 2, 9), line("Bo", 3, 4)];
  const news = (lines: readonly Line[], ...bets: Bet[]) => newsOf({ bets, lines, breaks: [], won: undefined }, "Me");

  it("is one’s own exact score", () => {
    const far = [line("Me", 1, 20), ...table.slice(1)];
    expect(news(far, bet("Me", 4, "exact"))).toEqual({ exact: true, lead: undefined, won: undefined });
    expect(isNews(news(table, bet("Ana", 1, "exact")))).toBe(false);
  });

  it("is a new leader, also without a tip of one’s own", () => {
    const { lead } = news(table, bet("Me", 4, "difference"));
    expect([lead?.is, lead?.first[0]?.name, lead?.others[0]?.name]).toEqual(["overtake", "Me", "Ana"]);
    const others = [line("Ana", 1, 10), line("Bo", 2, 9), line("Me", 3, 0)];
    const taken = news(others, bet("Ana", 3, "difference"));
    expect([taken.exact, taken.lead?.is, isNews(taken)]).toEqual([false, "overtake", true]);
  });

  it("is a lead that is shared from now on, or no more", () => {
    const level = [line("Ana", 1, 10), line("Me", 1, 10), line("Bo", 3, 4)];
    expect(news(level, bet("Me", 3, "difference")).lead?.is).toBe("level");
    expect(news(table, bet("Me", 1, "difference")).lead?.is).toBe("ahead");
  });

  it("is nothing where the lead stays, and by the first result of all", () => {
    expect(isNews(news(table, bet("Bo", 3, "difference")))).toBe(false);
    const first = [line("Ana", 1, 3), line("Me", 2, 0), line("Bo", 2, 0)];
    expect(isNews(news(first, bet("Ana", 3, "difference")))).toBe(false);
    expect(isNews(news([]))).toBe(false);
  });

  it("is a round that somebody won", () => {
    const won = wonOf("Matchday 1", table);
    expect(isNews(newsOf({ bets: [], lines: [], breaks: [], won }, "Me"))).toBe(true);
  });
});

it("a result is counted once every tip that can be read has its points", () => {
  const read = { score: { home: 1, away: 0 } };
  const bets = (...all: object[]) => all as Bet[];
  expect(isCounted(bets({ ...read, points: 0 }, { score: null }))).toBe(true);
  expect(isCounted(bets({ ...read, points: 2 }, read))).toBe(false);
});
