import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { People } from "../../features/organise/people/People";
import { onTheWayOptions } from "../../identity/drafts/ownTips";
import { keepPlayer } from "../../keys/player";
import { openedOptions } from "../../keys/useOpened";
import { organisersOptions, playersOptions, poolOptions, validatorsOptions } from "../../node/queries";
import { show } from "../../test/show";

/** What this device's own book says of a player; `undefined`: it has not read it. */
let book: unknown;
vi.mock(import("../../checking/check"), async (original) => ({
  ...(await original()),
  own: (() => Promise.resolve(book)) as never,
  ownLately: () => Promise.resolve(undefined),
}));
vi.mock(import("../../keys/signer"), async (original) => ({
  ...(await original()),
  signer: () => Promise.resolve({} as never),
}));
const send = vi.fn<(pool: string, act: unknown) => Promise<void>>();
vi.mock(import("../../identity/sending/send"), async (original) => ({
  ...(await original()),
  send: (pool, ...acts) => send(pool, acts[0]),
}));

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };
const CARLA = { account: "carla", name: "Carla" };
const FEE = { amount: "12.50", currency: "€", split: [60, 30, 10] };

const noted = (player: object, paid: boolean) => ({ id: "t", action: { type: "paid", player, paid } });

interface There {
  fee?: object | undefined;
  /** Who is noted, and by whom. */
  paid?: Record<string, object>;
  organisers?: object[];
  waiting?: object[];
  gone?: object[];
}

const listOf = (paid: Record<string, object>) =>
  [ANA, BRUNO, CARLA].map((it) => ({ ...it, chips: 0, paid_to: paid[it.account] }));

const shown = ({ fee, paid = {}, organisers = [ANA], waiting = [], gone = [] }: There = { fee: FEE }) =>
  show(<People />, [
    [poolOptions().queryKey, { id: "pool" }],
    [openedOptions("pool").queryKey, { pool: { rules: { features: { fee } } } }],
    [organisersOptions().queryKey, { organisers, signatures_needed: 1, fewest: 1, waiting: [] }],
    [validatorsOptions().queryKey, { validators: [], waiting: [] }],
    [onTheWayOptions("ana").queryKey, { waiting, gone }],
    [playersOptions().queryKey, listOf(paid)],
  ]);

const button = (name: string) => screen.getByRole("button", { name: `Paid: ${name}` });
const look = (name: string) => ["aria-pressed", "aria-busy"].map((it) => button(name).getAttribute(it) === "true");
const row = (name: string) => within(button(name).closest("li") ?? document.body);
const tap = (name: string) => fireEvent.click(screen.getByRole("button", { name }));

beforeEach(() => {
  localStorage.clear();
  book = undefined;
  send.mockReset().mockResolvedValue();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", { ...ANA, keys: "k", locked: false, written: true, named: null });
});

it("has nothing in a pool without a fee", async () => {
  await shown({});
  expect(screen.getAllByText("Bruno")).toHaveLength(1);
  expect(screen.queryByText(/paid/i)).toBeNull();
});

it("says how many have paid", async () => {
  await shown({ fee: FEE, paid: { bruno: ANA } });
  expect(screen.getByText("Entry fee 12.50 €, paid outside the pool. 1 of 3 has paid.")).toBeDefined();
  expect([look("Bruno"), look("Carla")]).toEqual([
    [true, false],
    [false, false],
  ]);
});

it.each([
  ["shows it where there are several", [ANA, BRUNO], false],
  ["only reads it out where there is one", [ANA], true],
  ["shows it of one who is none any more", [BRUNO], false],
])("says which organiser noted it: %s", async (_, organisers, silent) => {
  await shown({ fee: FEE, paid: { carla: ANA }, organisers });
  expect(screen.getByText("paid, says Ana").className.includes("silent")).toBe(silent);
});

it("draws the players though a node answers anything of who noted it", async () => {
  await shown({ fee: FEE, paid: { bruno: { name: "Ana" } }, organisers: [ANA, CARLA] });
  expect(row("Bruno").queryByText(/says/)).toBeNull();
});

it("notes with two taps that a player has paid", async () => {
  await shown();
  tap("Paid: Bruno");
  expect(row("Bruno").getByText(/Bruno has paid 12\.50 €\?/)).toBeDefined();
  expect(row("Bruno").getByText("Everyone will see that you say so.")).toBeDefined();
  expect(send).not.toHaveBeenCalled();
  tap("Has paid");
  expect(screen.queryByText(/Bruno has paid/)).toBeNull();
  expect(document.activeElement).toBe(button("Bruno"));
  await waitFor(() => expect(send).toHaveBeenCalledWith("pool", { type: "paid", player: "bruno", paid: true }));
  expect([look("Bruno"), look("Carla")]).toEqual([
    [true, true],
    [false, false],
  ]);
  // What is on its way is waited for.
  tap("Paid: Bruno");
  expect(screen.queryByText("Bruno hasn’t paid?")).toBeNull();
});

it("takes it back in the same way", async () => {
  await shown({ fee: FEE, paid: { bruno: ANA } });
  tap("Paid: Bruno");
  expect(row("Bruno").getByText("Bruno hasn’t paid?")).toBeDefined();
  tap("Hasn’t paid");
  await waitFor(() => expect(send).toHaveBeenCalledWith("pool", { type: "paid", player: "bruno", paid: false }));
  expect(look("Bruno")).toEqual([false, true]);
});

it("signs nothing where it is not meant", async () => {
  await shown();
  tap("Paid: Bruno");
  tap("Cancel");
  expect(screen.queryByText(/Bruno has paid/)).toBeNull();
  tap("Paid: Bruno");
  tap("Paid: Bruno");
  expect(screen.queryByText(/Bruno has paid/)).toBeNull();
  expect(send).not.toHaveBeenCalled();
});

it("signs what it asked, whatever is noted meanwhile", async () => {
  const queries = await shown();
  tap("Paid: Bruno");
  queries.setQueryData(playersOptions().queryKey, listOf({ bruno: ANA }) as never);
  await waitFor(() => expect(look("Bruno")).toEqual([true, false]));
  tap("Has paid");
  await waitFor(() => expect(send).toHaveBeenCalledWith("pool", { type: "paid", player: "bruno", paid: true }));
});

it("signs nothing where this device’s own book has the account under another name", async () => {
  book = { name: "Carla" };
  await shown();
  tap("Paid: Bruno");
  tap("Has paid");
  await screen.findByText(/couldn’t find what is shown here/);
  expect(send).not.toHaveBeenCalled();
  expect(look("Bruno")).toEqual([false, false]);
});

it("says why it was refused, and looks as before", async () => {
  send.mockRejectedValue(Object.assign(new Error("none"), { code: "unknown-payer", detail: "", status: 409 }));
  book = { name: "Bruno" };
  await shown();
  tap("Paid: Bruno");
  tap("Has paid");
  await screen.findByText("The pool doesn’t know this player yet. Try again in a minute.");
  expect(look("Bruno")).toEqual([false, false]);
});

const later = Date.now() + 100_000;

it.each([
  ["waits for a block", { waiting: [noted(BRUNO, true)] }, [true, true]],
  ["has just left for one", { gone: [{ ...noted(BRUNO, true), at_ms: later }] }, [true, true]],
  ["is in one that the list knows", { gone: [{ ...noted(BRUNO, true), at_ms: 0 }] }, [false, false]],
  ["is taken back", { paid: { bruno: ANA }, waiting: [noted(BRUNO, false)] }, [false, true]],
  ["changes nothing", { paid: { bruno: ANA }, waiting: [noted(BRUNO, true)] }, [true, false]],
  ["is of another player", { waiting: [noted(CARLA, true)] }, [false, false]],
])("shows a note that %s", async (_, there, looks) => {
  await shown({ fee: FEE, ...there });
  expect(look("Bruno")).toEqual(looks);
});

it("never looks unpaid between the tap and the block", async () => {
  let answer = (): void => undefined;
  const waiting = { items: [{ ...noted(BRUNO, true), nonce: 1 }] };
  vi.stubGlobal(
    "fetch",
    ({ url }: Request) =>
      new Promise((resolve) => {
        if (url.includes("/transactions")) answer = () => resolve(Response.json(waiting));
      }),
  );
  const { queryKey } = onTheWayOptions("ana");
  const queries = await shown();
  tap("Paid: Bruno");
  tap("Has paid");
  await waitFor(() => expect(look("Bruno")).toEqual([true, true]));
  const looks: boolean[][] = [];
  const seen = new MutationObserver(() => looks.push(look("Bruno")));
  seen.observe(screen.getByTestId("shown"), { subtree: true, attributes: true });
  await waitFor(() => expect(queries.isFetching({ queryKey })).toBe(1));
  answer();
  await waitFor(() => expect(queries.isFetching({ queryKey })).toBe(0));
  expect(queries.getQueryData(queryKey)?.waiting).toHaveLength(1);
  await waitFor(() => expect(queries.isMutating()).toBe(0));
  queries.setQueryData(playersOptions().queryKey, listOf({ bruno: ANA }) as never);
  await waitFor(() => expect(look("Bruno")).toEqual([true, false]));
  expect(looks.every(([paid]) => paid)).toBe(true);
  seen.disconnect();
});
