import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import type { QueryClient } from "@tanstack/react-query";
import { beforeEach, expect, it, vi } from "vitest";

import { onTheWayOptions, type OwnTip } from "../../identity/drafts/ownTips";
import { keepPlayer } from "../../keys/player";
import { keepSent, type Sent, sentKey, sentOf } from "../../keys/sent";
import { openedOptions } from "../../keys/useOpened";
import { $node, type Shapes } from "../../node/client";
import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import { PastExtras, TipExtras } from "..";

type Match = Shapes["MatchBody"];

const ME = { pool: "pool", account: "me" };
const NEVER = new Date(4_000_000_000_000).toISOString();
const match = (no: number): Match =>
  ({
    ...{ no, code: `M${no}`, stage: "Round 1", status: "scheduled", kickoff: NEVER, deadline: NEVER },
    ...{ home: { name: `Home ${no}` }, away: { name: `Away ${no}` } },
  }) as unknown as Match;
const MATCHES = [match(1), match(2)];
const refs = (...all: number[]) => all.map((no) => ({ no, code: `M${no}` }));

/** What this device's own book has, by path; `undefined`: it has not read it. */
let book: unknown;
const ownLately = vi.fn<(path: string) => Promise<unknown>>(() => Promise.resolve(undefined));
vi.mock(import("../../checking/check"), async (original) => ({
  ...(await original()),
  own: (() => Promise.resolve(book)) as never,
  ownLately: ((path: string) => ownLately(path)) as never,
}));
vi.mock(import("../../keys/signer"), async (original) => ({
  ...(await original()),
  signer: () => Promise.resolve({} as never),
}));
vi.mock(import("../../identity/sending/sendTips"), async (original) => ({
  ...(await original()),
  stands: () => Promise.resolve(),
}));
const send = vi.fn<(pool: string, act: unknown) => Promise<void>>();
vi.mock(import("../../identity/sending/send"), async (original) => ({
  ...(await original()),
  send: (pool, ...acts) => send(pool, acts[0]),
}));

const featuresKey = $node.queryOptions("get", "/api/v1/players/{player}/features", {
  params: { path: { player: "me" } },
}).queryKey;
const nonceKey = $node.queryOptions("get", "/api/v1/accounts/{account}/nonce", {
  params: { path: { account: "me" } },
}).queryKey;

interface There {
  on?: number[];
  factor?: number;
  /** What was sent from here. */
  sent?: Sent[];
  /** What has left for a block, by id. */
  gone?: string[];
  tip?: OwnTip;
  past?: boolean;
  roomy?: boolean;
}

const shown = ({ on = [], factor = 2, sent = sentOf(ME), gone = [], tip, past = false, roomy = true }: There) =>
  show(
    MATCHES.map((one) =>
      past ? (
        <PastExtras key={one.no} pool="pool" match={one} />
      ) : (
        <TipExtras key={one.no} pool="pool" match={one} tip={tip} draft={undefined} roomy={roomy} />
      ),
    ),
    [
      [openedOptions("pool").queryKey, { pool: { rules: { features: { jokers: { factor: 2, per_stage: 1 } } } } }],
      [nonceKey, { joined: true }],
      [matchesOptions().queryKey, MATCHES],
      [onTheWayOptions("me").queryKey, { waiting: [], gone: gone.map((id) => ({ id, at_ms: Date.now() + 1_000 })) }],
      [sentKey("pool", "me"), sent],
      [featuresKey, { jokers: { factor, on: refs(...on), left: [{ stage: "Round 1", count: 7 }] } }],
    ],
  );

const pill = (no: number) => screen.getByRole("button", { name: new RegExp(`joker on Home ${no} `) });
const look = () => [1, 2].map((no) => pill(no).getAttribute("aria-pressed") === "true");
const says = () => screen.getByTestId("shown").textContent;

const moves = (off: number[], on: number[]) => ({ type: "joker", off: refs(...off), on: refs(...on) });
const sentAct = (fate: Sent["fate"], act: object, more: Partial<Sent> = {}): Sent => ({
  ...{ id: "aa", nonce: 3, transaction: "a1", at_ms: 0, tips: [], fate, act: act as Shapes["Action"] },
  ...more,
});

beforeEach(() => {
  localStorage.clear();
  book = undefined;
  ownLately.mockReset().mockResolvedValue(undefined);
  send.mockReset().mockResolvedValue();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { account: "me", name: "Ana", keys: "k", locked: false, written: true, named: null });
});

it("has the factor and the limits of the pool’s rules, whatever the node says", async () => {
  await shown({ factor: 5 });
  expect(says()).toContain("×2");
  expect(says()).not.toContain("×5");
  expect(screen.getAllByText("1 joker left")).toHaveLength(2);
});

it("signs nothing that takes a joker off where this device’s own book has none", async () => {
  book = { jokers: { factor: 2, on: [] } };
  await shown({ on: [1] });
  fireEvent.click(pill(2));
  await screen.findByText(/couldn’t find what is shown here in the pool’s blocks/);
  expect(send).not.toHaveBeenCalled();
  expect(look()).toEqual([true, false]);
});

it.each([
  ["has it there", () => void (book = { jokers: { on: refs(1) } })],
  ["had it there lately", () => void ownLately.mockResolvedValue({ jokers: { on: refs(1) } })],
  ["is not read", () => undefined],
])("moves a joker where the own book %s", async (_, given) => {
  given();
  await shown({ on: [1] });
  fireEvent.click(pill(2));
  await waitFor(() => expect(send).toHaveBeenCalledWith("pool", { type: "joker", off: [1], on: [2] }));
});

it("moves one that was sent from here and is in no block yet", async () => {
  book = { jokers: { on: [] } };
  keepSent(ME, { id: "aa", nonce: 3, transaction: "a1", action: moves([], [1]), lapses: true });
  await shown({});
  expect(look()).toEqual([true, false]);
  fireEvent.click(pill(2));
  await waitFor(() => expect(send).toHaveBeenCalledWith("pool", { type: "joker", off: [1], on: [2] }));
});

const TIP = { match: { no: 1, code: "M1" }, state: "stamped" } as OwnTip;

it("says that one waits for a block", async () => {
  await shown({ sent: [sentAct("sent", moves([], [1]))], tip: TIP });
  expect(screen.getByText("Joker sent, not in a block yet")).toBeDefined();
  expect(look()).toEqual([true, false]);
});

it("has one that has left for a block which the node’s answer does not know yet", async () => {
  const sent = [sentAct("booked", moves([1], [2]))];
  await shown({ on: [1], sent, gone: ["aa"] });
  expect(look()).toEqual([false, true]);
  cleanup();
  // What is long in the book, another device may have moved since.
  await shown({ on: [1], sent });
  expect(look()).toEqual([true, false]);
});

it.each([false, true])("says of one that came too late that it did (no more tips: %j)", async (past) => {
  await shown({ past, on: [1], sent: [sentAct("late", moves([1], [2]), { void: [1, 2] })] });
  const [stays, late] = screen.getAllByRole("status").map(({ textContent }) => textContent);
  expect(stays).toMatch(/^Your change came too late: the joker stays/);
  expect(late).toMatch(/^Your joker came too late/);
});

it.each([
  ["it is there by now", { on: [1], sent: [sentAct("late", moves([], [1]))] }],
  ["it was sent again", { sent: [sentAct("late", moves([], [1])), sentAct("sent", moves([], [1]), { id: "bb" })] }],
  ["that was another match", { sent: [sentAct("late", moves([], [1, 7]), { void: [7] })] }],
])("says nothing of it where %s", async (_, there) => {
  await shown(there);
  expect(screen.queryByRole("status")).toBeNull();
});

it("says that one without a tip gives nothing", async () => {
  await shown({ on: [1] });
  expect(says()).toContain("Joker, but no tip yet: without a tip it gives nothing");
});

it("says what one with a tip gives", async () => {
  await shown({ on: [1], tip: TIP });
  expect(says()).toContain("Joker: the points of your tip count 2 times");
});

it("looks at once as it is to be, and stays so until a block has it", async () => {
  let taken = (): void => undefined;
  send.mockReturnValue(new Promise((resolve) => (taken = resolve)));
  const queries: QueryClient = await shown({ on: [1], roomy: false });
  const looks: boolean[][] = [];
  const seen = new MutationObserver(() => looks.push(look()));
  seen.observe(screen.getByTestId("shown"), { subtree: true, attributes: true, childList: true });
  fireEvent.click(pill(2));
  await waitFor(() => expect(look()).toEqual([false, true]));
  expect([1, 2].map((no) => pill(no).getAttribute("aria-busy"))).toEqual(["true", "true"]);
  await waitFor(() => expect(send).toHaveBeenCalled());
  // A second tap waits for the first.
  fireEvent.click(pill(1));
  // As `send` does it: kept, then shown once the node has it.
  keepSent(ME, { id: "aa", nonce: 3, transaction: "a1", action: moves([1], [2]), lapses: true });
  queries.setQueryData(sentKey("pool", "me"), sentOf(ME));
  await act(async () => {
    taken();
    await new Promise((resolve) => setTimeout(resolve, 20));
  });
  expect(pill(2).getAttribute("aria-busy")).toBe("false");
  expect(looks.every(([one, two]) => one === false && two === true)).toBe(true);
  expect(send).toHaveBeenCalledTimes(1);
  seen.disconnect();
});

it("looks as before where it was refused", async () => {
  send.mockRejectedValue(Object.assign(new Error("none"), { code: "no-joker-left", detail: "", status: 409 }));
  await shown({ on: [1] });
  fireEvent.click(pill(2));
  await screen.findByText(/^You have no joker left for this match/);
  expect(look()).toEqual([true, false]);
});
