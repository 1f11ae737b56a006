import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Player } from "../../keys/player";
import { show } from "../../test/show";
import { Joining } from "./Joining";

const AT_S = 2_000_000_000;
const ANA: Player = { account: "ana", name: "Ana", keys: "", locked: false, written: false, named: null };

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true, now: AT_S * 1000 });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** What is shown of a player of whom the pool's book and what waits know nothing. */
const shown = (player: Player) =>
  show(<Joining pool="pool" player={player} />, [
    [["get", "/api/v1/accounts/{account}/nonce", { params: { path: { account: "ana" } } }], { joined: false }],
    [["get", "/api/v1/transactions", "on the way", "ana"], { waiting: [], gone: [] }],
  ]);

it("says that a player who has just asked to be let in is on the way, and only later that the joining was lost", async () => {
  await shown({ ...ANA, asked_s: AT_S - 2 });
  expect(screen.getByText(/You’re being added to the pool/)).toBeDefined();
  expect(screen.queryByText("Join again")).toBeNull();
  await act(() => vi.advanceTimersByTimeAsync(61_000));
  expect(screen.getByText("Join again")).toBeDefined();
});

it("says at once that a joining was lost which was asked for long ago", async () => {
  await shown(ANA);
  expect(screen.getByText("Join again")).toBeDefined();
});
