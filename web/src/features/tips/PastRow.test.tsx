import { cleanup, screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";

import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { livesOptions } from "../../node/live";
import { show } from "../../test/show";
import { clockTime } from "../../words/time";
import { PastRow } from "./PastRow";

const AT_S = 4_000_000_000;

const match = {
  no: 1,
  code: "PtCh",
  home: { name: "Porto" },
  away: { name: "Benfica" },
  kickoff: new Date(AT_S * 1000).toISOString(),
  record: null,
} as unknown as Shapes["MatchBody"];

const row = { pool: "pool", match, tip: undefined, draft: undefined, lift: () => undefined };
const PLAYED = { score: { home: 2, away: 0 }, outcome: { status: "played" } } as Shapes["RecordBody"];

/** A tip as far as a row needs it. */
const tipOf = (score: OwnTip["score"], more: Partial<OwnTip> = {}): OwnTip => ({
  match: { no: 1, code: "PtCh" },
  score,
  stake: 0,
  state: "stamped",
  sealed: false,
  transaction: "t",
  bet: undefined,
  ...more,
});

it("says when a match begins and that it has no tip, each for itself", async () => {
  await show(<PastRow {...row} />);
  expect(screen.getByText(clockTime(AT_S).replace(/\s/g, " "))).toBeDefined();
  expect(screen.getByText("no tip")).toBeDefined();
});

it("says of a match that was moved of late how, until it has been played", async () => {
  const moved = {
    kickoff_before: new Date((AT_S - 7_200) * 1000).toISOString(),
    kickoff_after: match.kickoff ?? null,
    signers: [{ account: "bolao1ana", name: "Ana" }],
    time: new Date().toISOString(),
  } as Shapes["MoveBody"];
  await show(<PastRow {...row} match={{ ...match, moved }} />);
  expect(screen.getByText(/^Ana moved it from/)).toBeDefined();
  cleanup();
  await show(<PastRow {...row} match={{ ...match, moved, record: PLAYED }} />);
  expect(screen.queryByText(/^Ana moved it from/)).toBeNull();
  cleanup();
  await show(<PastRow {...row} match={{ ...match, moved: { ...moved, time: "2020-01-01T00:00:00Z" } }} />);
  expect(screen.queryByText(/^Ana moved it from/)).toBeNull();
});

it("a tip that was sent in time and is in no block yet is sent, not late, when betting ends", async () => {
  await show(<PastRow {...row} tip={tipOf({ home: 1, away: 0 }, { state: "sent" })} />);
  expect(screen.getByRole("img", { name: "Sent" })).toBeDefined();
  expect(screen.queryByText(/too late/i)).toBeNull();
});

it("says why a tip does not count", async () => {
  const past = { ...match, deadline: "2026-01-01T12:00:00Z" };
  await show(<PastRow {...row} match={past} tip={tipOf({ home: 1, away: 0 }, { state: "sent" })} />);
  expect(screen.getByText(/^Your tip came too late/)).toBeDefined();
  cleanup();
  const bet = { missed: true, sealed: true } as Shapes["BetBody"];
  await show(<PastRow {...row} match={past} tip={tipOf(null, { bet })} />);
  expect(screen.getByText(/^Your tip was not revealed in time/)).toBeDefined();
});

it("shows what a tip gave, gold where it is exact", async () => {
  const past = { ...match, record: PLAYED };
  const bet = { points: 4 } as Shapes["BetBody"];
  await show(<PastRow {...row} match={past} tip={tipOf({ home: 2, away: 0 }, { bet })} />);
  expect(screen.getByText("4 points").closest("[data-exact]")).not.toBeNull();
  cleanup();
  await show(<PastRow {...row} match={past} tip={tipOf({ home: 3, away: 0 }, { bet: { ...bet, points: 2 } })} />);
  expect(screen.getByText("2 points").closest("[data-exact]")).toBeNull();
  expect(screen.getByText("2 points").closest("[data-right]")).not.toBeNull();
});

it("does not call a match postponed that was rescheduled and has begun", async () => {
  const record = { outcome: { status: "postponed", reason: "Snow in Munich" } } as Shapes["RecordBody"];
  await show(<PastRow {...row} match={{ ...match, kickoff: "2026-01-01T12:00:00Z", postponed: false, record }} />);
  expect(screen.queryByText(/Postponed/)).toBeNull();
});

const ONE_NIL = {
  match: { no: 1, code: "PtCh" },
  home: 1,
  away: 0,
  minute: 63,
  at: "2030-01-01T13:00:00Z",
  from: "Ana",
};
const LIVES = [[livesOptions().queryKey, { items: [ONE_NIL] }]] as const;

it.each([
  ["a match without a record", { ...match, no: 1 }, true],
  ["a match with a result", { ...match, no: 1, record: PLAYED }, false],
  ["another match", { ...match, no: 2 }, false],
  ["a match that takes tips", { ...match, no: 1, status: "scheduled" }, false],
])("of %s a live score is shown as such, or not at all", async (_, of, shown) => {
  await show(<PastRow {...row} match={of as Shapes["MatchBody"]} />, LIVES);
  expect(screen.queryByText("live") !== null).toBe(shown);
  expect(screen.queryByText("63′") !== null).toBe(shown);
});

it.each([
  [{ home: 2, away: 1 }, true],
  [{ home: 1, away: 1 }, false],
])("while a match runs the tip %j is green if it has the right winner", async (score, right) => {
  await show(<PastRow {...row} tip={tipOf(score)} />, LIVES);
  const tip = screen.getByText(`Tip ${score.home}:${score.away}`);
  expect(tip.dataset.right === "true").toBe(right);
});

const TEAM = { template: "{team} goes through", values: { team: { teams: ["Porto"] } } };

it.each([
  ["on its way", undefined, /^Tip 1:1 · Porto $/],
  ["sealed", { score: null, sealed: true, modifiers: [] }, /^Tip 1:1 · Porto $/],
  ["open", { score: { home: 1, away: 1 }, through: "home", modifiers: [TEAM] }, /^Tip 1:1 Porto goes through$/],
])("says once which team goes through in a tip that is %s", async (_, bet, words) => {
  const tip = tipOf({ home: 1, away: 1, through: "home" }, { bet: bet as Shapes["BetBody"] | undefined });
  await show(<PastRow {...row} tip={tip} />);
  const says = screen.getByText(/^Tip 1:1/);
  await waitFor(() => expect(says.textContent).toMatch(words));
});
