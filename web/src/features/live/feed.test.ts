import { describe, expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import type { Told } from "./acts";
import { calendarOf, feed, folded, isTechnical, linesOf, type Item } from "./feed";

const at = (minute: number): string => new Date(Date.UTC(2026, 5, 5, 12, minute)).toISOString();
const s = (minute: number): number => Date.UTC(2026, 5, 5, 12, minute) / 1000;

const transaction = (id: string, type: string, who: string, minute: number) =>
  ({ id, player: { account: who }, action: { type }, block: { time: at(minute) } }) as Shapes["TransactionBody"];

const match = (no: number, more: Partial<Shapes["MatchBody"]>) =>
  ({ no, code: String(no), postponed: false, ...more }) as Shapes["MatchBody"];

const who = (items: Item[]) => items.map((item) => "players" in item && item.players.map(({ account }) => account));

describe("the feed", () => {
  it("says once who tipped within a few minutes, each name once", () => {
    const items = linesOf(
      [
        transaction("4", "seal", "clara", 14),
        transaction("3", "bet", "bruno", 13),
        transaction("2", "bet", "clara", 12),
        transaction("1", "bet", "ana", 10),
      ],
      [],
    );
    expect(who(items)).toEqual([["clara", "bruno"], ["ana"]]);
  });

  it("keeps who tipped before a kick-off or a result apart from who tipped after it", () => {
    const kickoff = calendarOf([match(1, { kickoff: at(12) })], s(20));
    const tips = [transaction("2", "seal", "clara", 13), transaction("1", "seal", "ana", 11)];
    expect(who(linesOf(tips, kickoff))).toEqual([["clara"], ["ana"]]);
    const record = {
      version: 0,
      since: at(12),
      provisional: true,
      outcome: { status: "played" },
    } as Shapes["MatchBody"]["record"];
    expect(who(linesOf(tips, calendarOf([match(1, { record })], s(20))))).toEqual([["clara"], ["ana"]]);
    expect(who(linesOf(tips, calendarOf([match(1, { kickoff: at(10) })], s(20))))).toEqual([["clara", "ana"]]);
  });

  it("keeps what one block holds in its order", () => {
    const block = [transaction("a", "bet", "clara", 1), transaction("b", "join", "clara", 1)];
    expect(feed(linesOf(block, []), [], [], false).map(({ key }) => key)).toEqual(["a", "b"]);
    const swapped = [transaction("b", "bet", "clara", 1), transaction("a", "join", "clara", 1)];
    expect(feed(linesOf(swapped, []), [], [], false).map(({ key }) => key)).toEqual(["b", "a"]);
  });

  it("leaves a result to its match, and tells one signature of two as what it is", () => {
    const signed = [transaction("1", "result", "ana", 1)];
    const told: Told = { set: false, signers: [], said: [], missing: 1 };
    const lines = (told: Told | null | undefined) =>
      linesOf(signed, [], new Map(told === undefined ? [] : [["1", told]])).map(({ is }) => is);
    expect(lines(undefined)).toEqual([]);
    expect(lines(null)).toEqual([]);
    expect(lines({ ...told, set: true })).toEqual([]);
    expect(lines(told)).toEqual(["act"]);
  });

  it("keeps a result that was corrected", () => {
    const record = {
      version: 1,
      since: at(9),
      provisional: true,
      outcome: { status: "played" },
    } as Shapes["MatchBody"]["record"];
    const outcome = { status: "played", after_90: { home: 0, away: 0 } };
    const [second, first] = ["2", "1"].map((id) => ({
      ...transaction(id, "result", "ana", Number(id)),
      action: { type: "result", match: { no: 1, code: "1" }, outcome },
    }));
    const told = (version: number): Told => ({
      set: true,
      signers: [],
      said: [],
      missing: 0,
      recorded: { no: 1, version, corrects: version > 0, corrected: version === 0 },
    });
    const effects = new Map([
      ["1", told(0)],
      ["2", told(1)],
    ]);
    const calendar = calendarOf([match(1, { record })], s(20), effects);
    expect(calendar).toMatchObject([{ is: "result", record: { version: 1, corrects: true } }]);
    expect(linesOf([second, first] as Shapes["TransactionBody"][], calendar, effects)).toMatchObject([
      { is: "result", at_s: s(1), record: { version: 0, corrected: true, score: { home: 0, away: 0 } } },
    ]);
  });

  it("tells a schedule by its effect, and as a signature where that is not known", () => {
    const signed = [transaction("2", "schedule", "bruno", 2), transaction("1", "schedule", "ana", 1)];
    const told: Told = { set: true, signers: [], said: [], missing: 0 };
    const effects = new Map<string, Told | null>([
      ["1", null],
      ["2", told],
    ]);
    expect(linesOf(signed, [], effects)).toMatchObject([{ is: "act", key: "2", told }]);
    expect(linesOf(signed, []).map(({ is }) => is)).toEqual(["deed", "deed"]);
  });

  it("has a line for each kick-off, one for many at once, none for what is to come or put off", () => {
    const items = calendarOf(
      [
        match(1, { kickoff: at(0) }),
        match(2, { kickoff: at(0) }),
        match(3, { kickoff: at(30) }),
        match(4, { kickoff: at(0), postponed: true }),
      ],
      s(10),
    );
    const together = (items: Item[]) =>
      items.map((item) => (item.is === "kickoff" ? item.matches.map(({ no }) => no) : []));
    expect(together(items)).toEqual([[1], [2]]);
    const many = [1, 2, 3, 4].map((no) => match(no, { kickoff: at(0) }));
    expect(together(calendarOf(many, s(10)))).toEqual([[1, 2, 3, 4]]);
  });

  it("shows nothing older than what was read, as long as more can be read", () => {
    const calendar = calendarOf([match(1, { kickoff: at(0) })], s(30));
    const lines = linesOf([transaction("1", "join", "ana", 20)], calendar);
    expect(feed(lines, calendar, [], true).map(({ is }) => is)).toEqual(["joined"]);
    expect(feed(lines, calendar, [], false).map(({ is }) => is)).toEqual(["joined", "kickoff"]);
  });

  it("says when a round is over, but of the one that has a card", () => {
    const record = { since: at(3), provisional: false, outcome: { status: "played" } } as Shapes["MatchBody"]["record"];
    const games = [1, 2, 3, 4].map((no) => match(no, { stage: no < 3 ? "Semi-finals" : "Final", record }));
    const rounds = (onCard?: string) =>
      calendarOf(games, s(10), new Map(), onCard).flatMap((item) => (item.is === "round" ? [item.stage] : []));
    expect(rounds()).toEqual(["Semi-finals", "Final"]);
    expect(rounds("Final")).toEqual(["Semi-finals"]);
  });

  it("takes for technical what only blocks and signatures tell", () => {
    const [join, stake, opened] = [
      linesOf([transaction("1", "join", "ana", 1)], []),
      linesOf([transaction("2", "stake", "ana", 1)], []),
      linesOf([transaction("3", "open", "ana", 1)], []),
    ].map(([item]) => item !== undefined && isTechnical(item));
    expect([join, stake, opened]).toEqual([false, true, true]);
  });
});

describe("many corrections", () => {
  const record = (version: number, last: number): Item => ({
    is: "result",
    key: `result 1 ${version}`,
    at_s: s(version),
    match: match(1, {}),
    record: { version, corrects: version > 0, corrected: version < last } as never,
  });
  const of = (count: number): Item[] => {
    const records = Array.from({ length: count + 1 }, (_, version) => record(version, count));
    const kickoff: Item = { is: "kickoff", key: "k", at_s: s(0), matches: [match(2, {})] };
    return feed(records, [kickoff], [], false);
  };

  it("of one match are one line, with the first record and all else that happened", () => {
    const items = folded(of(101));
    expect(items.map(({ key }) => key).sort()).toEqual(["k", "result 1 0", "result 1 101"]);
    expect(items.find(({ key }) => key === "result 1 101")).toMatchObject({ folds: 100 });
  });

  it("have lines of their own while they are few", () => {
    expect(folded(of(3))).toEqual(of(3));
  });
});
