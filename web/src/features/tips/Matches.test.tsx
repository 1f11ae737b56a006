import { cleanup, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Matches } from "./Matches";
import type { OpenProps } from "./OpenRow";

type Match = Shapes["MatchBody"];

/** Noon, so that hours before and after it are of the same day. */
const NOON_MS = new Date(2030, 5, 20, 12).getTime();

const match = (no: number, hours: number | null, more: object = {}): Match => {
  const kickoff = hours === null ? null : new Date(NOON_MS + hours * 3_600_000).toISOString();
  const teams = { home: { name: `Home ${no}` }, away: { name: `Away ${no}` } };
  return {
    ...{ no, code: `m${no}`, ...teams, kickoff, deadline: kickoff, stage: "Round 1", record: null, bets: 0, pot: 0 },
    ...{ status: hours !== null && hours < 0 ? "closed" : "scheduled", postponed: false, ...more },
  } as unknown as Match;
};

const propsOf = (one: Match): OpenProps => ({
  ...{
    pool: "pool",
    match: one,
    players: 2,
    tip: undefined,
    draft: undefined,
    plays: true,
    limits: undefined,
    staked: false,
  },
  ...{ lift: () => undefined, locked: false, fresh: false, seal: undefined },
});

const shown = (open: Match[], past: Match[], tipped: readonly number[] = []) =>
  show(
    <Matches
      {...{
        pool: { id: "pool" },
        open,
        past,
        propsOf,
        tips: new Map(),
        drafts: {},
        lift: () => undefined,
        plays: true,
      }}
      isTipped={({ no }) => tipped.includes(no)}
    />,
  );

/** What is read from above: headings, and the matches below them; a large one with a star. */
const read = (): string[] =>
  [...screen.getByTestId("shown").querySelectorAll("h2, li")].map((part) => {
    if (part.tagName === "H2") return part.textContent;
    const no = /Home (\d)/.exec(part.textContent)?.[1] ?? "";
    return within(part as HTMLElement).queryByRole("group") === null ? no : `${no}*`;
  });

const PLAYED = {
  record: { score: { home: 2, away: 0 }, outcome: { status: "played" }, since: "2030-06-20T12:00:00Z" },
};

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ["Date"], now: NOON_MS });
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("has what is played above the one that closes next, and that above the rest", async () => {
  await shown([match(3, 5), match(2, 2)], [match(1, -1)]);
  expect(read()).toEqual(["Live", "1", "2*", "Later today", "3"]);
});

it("has only rows where the next match is days away or without a date", async () => {
  await shown([match(3, null), match(2, 200), match(1, 100)], []);
  const [first, , second, , third] = read();
  expect([first, second, third]).toEqual(["Monday, June 24", "Friday, June 28", "No date yet"]);
  expect(read().filter((it) => /^\d/.test(it))).toEqual(["1", "2", "3"]);
});

it("calls nothing later that is earlier than what stands above it, and goes by time under each heading", async () => {
  await shown([match(4, 9), match(1, 2), match(3, 6), match(2, 4)], [], [1, 4, 3]);
  expect(read()).toEqual(["2*", "Today", "1", "3", "4"]);
});

it("has what finished since the last look above what comes, for that look", async () => {
  const open = [match(4, 2), match(5, 5)];
  const one = match(1, -5, PLAYED);
  // At the first look nothing is news.
  await shown(open, [one, match(2, -3)]);
  expect(read()).toEqual(["4*", "Later today", "5", "Awaiting result", "2", "Finished", "1"]);
  cleanup();
  const past = [one, match(2, -3, PLAYED), match(3, -2, PLAYED)];
  const news = ["New results", "3", "2", "4*", "Later today", "5", "Finished", "1"];
  await shown(open, past);
  expect(read()).toEqual(news);
  cleanup();
  // Back from the page of a match, soon after.
  vi.setSystemTime(NOON_MS + 60_000);
  await shown(open, past);
  expect(read()).toEqual(news);
  cleanup();
  vi.setSystemTime(NOON_MS + 1_800_000);
  await shown(open, past);
  expect(read()).toEqual(["4*", "Later today", "5", "Finished", "3", "2", "1"]);
});

it("has only the last few results above, and remembers all", async () => {
  localStorage.setItem("bolao.results.pool", "{}");
  await shown(
    [],
    [1, 2, 3, 4, 5, 6].map((no) => match(no, no - 12, PLAYED)),
  );
  expect(read()).toEqual(["New results", "6", "5", "4", "3", "Finished", "2", "1"]);
  expect(Object.keys(JSON.parse(localStorage.getItem("bolao.results.pool") ?? "") as object)).toHaveLength(6);
});
