import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { draftsOf, whichOf } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { OpenRow } from "./OpenRow";
import { Stake } from "./Stake";

const match = {
  no: 1,
  code: "PtCh",
  home: { name: "Porto" },
  away: { name: "Benfica" },
  kickoff: new Date(4_000_000_000_000).toISOString(),
  deadline: new Date(4_000_000_000_000).toISOString(),
  record: null,
  pot: 0,
  bets: 0,
} as unknown as Shapes["MatchBody"];

const row = {
  pool: "pool",
  match,
  players: 1,
  tip: undefined,
  draft: undefined,
  plays: true,
  limits: undefined,
  staked: false,
  lift: () => undefined,
  locked: false,
  fresh: false,
  seal: undefined,
  opened: false,
  open: () => undefined,
  close: () => undefined,
  after: 0,
};

const tipOf = (more: Partial<OwnTip>): OwnTip => ({
  match: { no: 1, code: "PtCh" },
  score: { home: 2, away: 1 },
  stake: 0,
  state: "stamped",
  sealed: true,
  transaction: "t",
  bet: undefined,
  ...more,
});

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});

it.each([
  ["Porto – Benfica, no tip yet; add", {}],
  ["Porto – Benfica, your tip 2 : 1, confirmed; change", { tip: tipOf({}) }],
  ["Porto – Benfica, your tip 2 : 1, sent; change", { tip: tipOf({ state: "sent" }) }],
  ["Porto – Benfica, your tip 2 : 1, in a block; change", { tip: tipOf({ state: "booked" }) }],
  ["Porto – Benfica, your draft 3 : –, not sent; change", { draft: { home: 3, away: null, stake: 0 } }],
])("a line says what it holds: %s", async (says, more) => {
  const open = vi.fn();
  await show(<OpenRow {...row} {...more} open={open} />);
  fireEvent.click(screen.getByRole("button", { name: says }));
  expect(open).toHaveBeenCalledOnce();
});

it("leads from where a match is tipped to its page", async () => {
  await show(<OpenRow {...row} opened />);
  expect(screen.getByRole("link", { name: "Match page" }).getAttribute("href")).toBe("/match/PtCh");
});

it("offers to unlock where a hidden tip cannot be read", async () => {
  const lift = vi.fn();
  await show(<OpenRow {...row} tip={tipOf({ score: null, state: "sent" })} lift={lift} locked />);
  fireEvent.click(screen.getByText("Unlock to change"));
  expect(lift).toHaveBeenCalledOnce();
});

it("tells in one line what makes a match count otherwise", async () => {
  const counts = [{ template: "×{factor}", values: { factor: 3 } }];
  await show(<OpenRow {...row} opened match={{ ...match, multiplier: 2, counts }} />);
  expect(await screen.findByText("points × 2 · ×3")).toBeDefined();
});

it("says that the tip under a draft counts until the draft is sent", async () => {
  await show(<OpenRow {...row} opened tip={tipOf({})} draft={{ home: 2, away: 2, stake: 0 }} />);
  expect(screen.getByText("2:1 still counts until you send the change")).toBeDefined();
});

it("has the cursor in the field for chips once that was asked for", async () => {
  await show(<Stake stake={0} least={0} most={100} put={() => undefined} />);
  fireEvent.click(screen.getByText("Stake chips"));
  expect(document.activeElement).toBe(screen.getByRole("textbox"));
});

it("makes a draft of a tip that never gets into a block, the same as it was", async () => {
  const pool = "a pool where one is lost";
  await show(<OpenRow {...row} pool={pool} tip={tipOf({ stake: 5, state: "late", fate: "lost", sealed: false })} />);
  fireEvent.click(screen.getByText("Tip again"));
  expect(draftsOf(pool).tips).toEqual({ [whichOf(match)]: { home: 2, away: 1, stake: 5 } });
});

it.each([
  ["a first tip where nobody stakes", {}, false],
  ["a first tip where somebody does", { staked: true }, true],
  ["a tip that stands", { tip: tipOf({}) }, true],
])("chips, of %s: offered is %j", async (_, more, offered) => {
  const limits = { stake_min: 0, stake_max: 1_000 };
  await show(<OpenRow {...row} limits={limits} opened draft={{ home: 2, away: 2, stake: 0 }} {...more} />);
  expect(screen.queryByText("Stake chips") !== null).toBe(offered);
});

it("says that a stake is a number, and takes nothing else for one", async () => {
  const put = vi.fn();
  await show(<Stake stake={5} least={0} most={100} put={put} />);
  const field = screen.getByLabelText("Chips staked, 0 to 100");
  for (const typed of ["ten", "-7", "1.5", "1,000"]) {
    fireEvent.change(field, { target: { value: typed } });
    expect(screen.getByText("A number from 0 to 100")).toBeDefined();
  }
  expect(put).not.toHaveBeenCalled();
  fireEvent.change(field, { target: { value: "7" } });
  expect(put).toHaveBeenCalledWith(7);
  expect(screen.queryByText("A number from 0 to 100")).toBeNull();
});

it("says that a match is postponed, and why", async () => {
  const record = { outcome: { status: "postponed", reason: "Snow in Munich" } } as Shapes["RecordBody"];
  await show(<OpenRow {...row} match={{ ...match, kickoff: null, postponed: true, record }} />);
  expect(screen.getByText("Snow in Munich").closest("p")?.textContent).toBe("Postponed: Snow in Munich");
});
