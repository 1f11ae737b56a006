import { cleanup, fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { draftsOf, whichOf } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { livesOptions } from "../../node/live";
import { show } from "../../test/show";
import { clockTime } from "../../words/time";
import { ClosedRow, OpenRow } from "./Row";
import { Stake } from "./Stake";

const AT_S = 4_000_000_000;

const match = {
  no: 1,
  code: "PtCh",
  home: { name: "Porto" },
  away: { name: "Benfica" },
  kickoff: new Date(AT_S * 1000).toISOString(),
  record: null,
} as unknown as Shapes["MatchBody"];

it("says when a match begins and that it has no tip, each for itself", async () => {
  await show(<ClosedRow match={match} tip={undefined} draft={undefined} lift={() => undefined} />);
  expect(screen.getByText(clockTime(AT_S).replace(/\s/g, " "))).toBeDefined();
  expect(screen.getByText("no tip")).toBeDefined();
});

it("says of a match that was moved of late how, until it has been played", async () => {
  const row = { tip: undefined, draft: undefined, lift: () => undefined };
  const moved = {
    kickoff_before: new Date((AT_S - 7_200) * 1000).toISOString(),
    kickoff_after: match.kickoff ?? null,
    signers: [{ account: "bolao1ana", name: "Ana" }],
    time: new Date().toISOString(),
  } as Shapes["MoveBody"];
  await show(<ClosedRow {...row} match={{ ...match, moved }} />);
  expect(screen.getByText(/^Ana moved it from/)).toBeDefined();
  cleanup();
  const record = { score: { home: 1, away: 0 }, outcome: { status: "played" } } as Shapes["RecordBody"];
  await show(<ClosedRow {...row} match={{ ...match, moved, record }} />);
  expect(screen.queryByText(/^Ana moved it from/)).toBeNull();
  cleanup();
  await show(<ClosedRow {...row} match={{ ...match, moved: { ...moved, time: "2020-01-01T00:00:00Z" } }} />);
  expect(screen.queryByText(/^Ana moved it from/)).toBeNull();
});

it("offers to unlock, in words, where a sealed tip cannot be read", async () => {
  const match = {
    code: "PtCh",
    home: { name: "Porto" },
    away: { name: "Benfica" },
    kickoff: new Date(AT_S * 1000).toISOString(),
    record: null,
  } as unknown as Shapes["MatchBody"];
  const tip = { match: { no: 1, code: "PtCh" }, score: null, stake: 0, state: "sent", sealed: true } as OwnTip;
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const lift = vi.fn();
  const row = {
    pool: "pool",
    match,
    players: 1,
    tip,
    draft: undefined,
    plays: true,
    limits: undefined,
    fresh: false,
    opens: null,
  };
  await show(<OpenRow {...row} lift={lift} locked />);
  fireEvent.click(screen.getByText("Unlock to change"));
  expect(lift).toHaveBeenCalled();
});

it("a tip that was sent in time and is in no block yet is sent, not late, when betting ends", async () => {
  const tip = { match: { no: 1, code: "PtCh" }, score: { home: 1, away: 0 }, stake: 0, state: "sent", sealed: false };
  const sent = { ...tip, transaction: "t", bet: undefined } as OwnTip;
  await show(<ClosedRow match={match} tip={sent} draft={undefined} lift={() => undefined} />);
  expect(screen.getByText("Sent")).toBeDefined();
  expect(screen.queryByText(/late/i)).toBeNull();
});

it("says that the tip under a draft stays until the draft is sent", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const tip = { match: { no: 1, code: "PtCh" }, score: { home: 2, away: 1 }, stake: 0, state: "stamped", sealed: true };
  const row = {
    pool: "pool",
    match,
    players: 1,
    tip: tip as OwnTip,
    plays: true,
    limits: undefined,
    locked: false,
    lift: () => undefined,
    fresh: false,
    opens: null,
  };
  await show(<OpenRow {...row} draft={{ home: 2, away: 2, stake: 0 }} />);
  expect(screen.getByText("2:1 stays until you send")).toBeDefined();
});

it("has the cursor in the field for chips once that was asked for", async () => {
  await show(<Stake stake={0} least={0} most={100} put={() => undefined} />);
  fireEvent.click(screen.getByText("Stake chips"));
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
});

it("writes a tip that never gets into the book in pencil once more, the same as it was", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const tip = { match: { no: 1, code: "PtCh" }, score: { home: 2, away: 1 }, stake: 5, state: "late", fate: "lost" };
  const row = {
    pool: "a pool where one is lost",
    match,
    players: 1,
    tip: { ...tip, sealed: false, transaction: "t", bet: undefined } as unknown as OwnTip,
    draft: undefined,
    plays: true,
    limits: undefined,
    locked: false,
    lift: () => undefined,
    fresh: false,
    opens: null,
  };
  await show(<OpenRow {...row} />);
  fireEvent.click(screen.getByText("Tip it again"));
  expect(draftsOf(row.pool).tips).toEqual({ [whichOf(match)]: { home: 2, away: 1, stake: 5 } });
});

it("says that a stake is a number, and takes nothing else for one", async () => {
  const put = vi.fn();
  await show(<Stake stake={5} least={0} most={100} put={put} />);
  const field = screen.getByLabelText("Chips staked, 0 to 100");
  for (const typed of ["ten", "-7", "1.5", "1,000"]) {
    fireEvent.change(field, { target: { value: typed } });
    expect(screen.getByText("A number: 0 to 100")).toBeDefined();
  }
  expect(put).not.toHaveBeenCalled();
  fireEvent.change(field, { target: { value: "7" } });
  expect(put).toHaveBeenCalledWith(7);
  expect(screen.queryByText("A number: 0 to 100")).toBeNull();
});

const PUT_OFF = { outcome: { status: "postponed", reason: "Snow in Munich" } } as Shapes["RecordBody"];

it("says that a match is put off, and why", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const row = {
    pool: "pool",
    match: { ...match, kickoff: null, postponed: true, record: PUT_OFF },
    players: 1,
    tip: undefined,
    draft: undefined,
    plays: true,
    limits: undefined,
    locked: false,
    lift: () => undefined,
    fresh: false,
    opens: null,
  };
  await show(<OpenRow {...row} />);
  expect(screen.getByText("Snow in Munich").closest("p")?.textContent).toBe("Put off: Snow in Munich");
  expect(screen.queryByText("no date yet")).toBeNull();
});

it("does not call a match put off that was scheduled anew and has begun", async () => {
  const anew = { ...match, kickoff: "2026-01-01T12:00:00Z", postponed: false, record: PUT_OFF };
  await show(<ClosedRow match={anew} tip={undefined} draft={undefined} lift={() => undefined} />);
  expect(screen.getByText(/^Kicked off/)).toBeDefined();
  expect(screen.queryByText(/Put off/)).toBeNull();
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
  [
    "a match with a result",
    { ...match, no: 1, record: { score: { home: 1, away: 0 }, outcome: { status: "played" } } },
    false,
  ],
  ["another match", { ...match, no: 2 }, false],
  ["a match that takes tips", { ...match, no: 1, status: "scheduled" }, false],
])("of %s a live score is shown as such, or not at all", async (_, of, shown) => {
  await show(
    <ClosedRow match={of as Shapes["MatchBody"]} tip={undefined} draft={undefined} lift={() => undefined} />,
    LIVES,
  );
  expect(screen.queryByText("1–0") !== null).toBe(shown);
  expect(screen.queryByText(/^live/) !== null).toBe(shown);
});
