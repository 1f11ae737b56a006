import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { poolOptions, statusOptions } from "../node/queries";
import { show } from "../test/show";
import { Standstill } from "./Standstill";

const KAETHE = { account: "kaethe", name: "Käthe" };
const SYNC = { state: "synced", headers: 6, blocks: 6, target: 6 };
const ON = { pending: 0, waits: null, sync: SYNC };
const STILL = {
  sync: SYNC,
  pending: 1,
  waits: { height: 7, since: new Date(Date.now() - 22_000).toISOString(), away: [KAETHE], validators: 2 },
};

let answer: object;
const asked = vi.fn(() => Promise.resolve(Response.json(answer)));

beforeEach(() => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.stubGlobal("fetch", asked);
  asked.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

const open = (status: object, consensus = "pos") =>
  show(<Standstill />, [
    [poolOptions().queryKey, { id: "pool", consensus }],
    [statusOptions().queryKey, status],
  ]);

it("says for whom the book waits once keepers have fallen silent, of which nothing else tells, and goes away again", async () => {
  answer = STILL;
  await open({ ...ON, pending: 1 });
  expect(screen.queryByText(/Tips can’t be confirmed/)).toBeNull();
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await screen.findByText(/Tips can’t be confirmed/)).closest("p")?.textContent).toBe(
    "Tips can’t be confirmed right now. It is waiting for the computer of Käthe. 1 of 2 validators are offline. What you send is " +
      "kept and waits. A tip only counts if it is confirmed before its match closes.",
  );
  expect(screen.getByText(/Waiting \d+ s\./)).toBeDefined();
  answer = ON;
  await vi.advanceTimersByTimeAsync(5_000);
  await waitFor(() => expect(screen.queryByText(/Tips can’t be confirmed/)).toBeNull());
  asked.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).not.toHaveBeenCalled();
});

it("does not say that tips wait where miners find the pages", async () => {
  await open(STILL, "hybrid");
  expect(screen.getByText("Nothing can be confirmed right now.").closest("p")?.textContent).toMatch(
    /What you send still goes into a block, but until it is confirmed,/,
  );
});

it("names those whose votes are missing though enough are online", async () => {
  const bruno = { account: "bruno", name: "Bruno" };
  const waits = { ...STILL.waits, away: [], disagree: true, missing: [KAETHE], against: [bruno] };
  await open({ ...STILL, waits });
  const text = await screen.findByText("Tips can’t be confirmed right now.");
  expect(text.closest("p")?.textContent).toContain(
    "Enough validators are online. Nothing arrives from Käthe. Against this block: Bruno. Is someone’s clock wrong?",
  );
});

it("says that the clock of the one computer that decides is in doubt, and what to do", async () => {
  const doubt = (clock_doubt: object) => ({ ...ON, sync: { ...SYNC, clock_doubt } });
  await open(doubt({ cause: "others", ahead_s: 7_200, synchronised: true, dates: "silent", players: "contradicts" }));
  expect((await screen.findByText(/Tips can’t be confirmed/)).closest("p")?.textContent).toBe(
    "Tips can’t be confirmed right now. The clock of the pool’s computer is 2\u00a0h ahead of other clocks. Its network agrees. " +
      "No list on the web was read. Players’ devices show another time. The person who runs it can set the clock, or type “bolao clock trust” there if it is right. What you send is kept and waits. A tip only counts if " +
      "it is confirmed before its match closes.",
  );
  expect(screen.queryByText(/Waiting/)).toBeNull();
});

it("says which witness is missing where betting has closed by that clock alone", async () => {
  const clock_doubt = { cause: "betting_ends", ahead_s: 7_200, synchronised: true, dates: "agrees", players: "silent" };
  await open({ ...ON, sync: { ...SYNC, clock_doubt } });
  expect((await screen.findByText(/Tips can’t be confirmed/)).closest("p")?.textContent).toContain(
    "By the clock of the pool’s computer betting closed 2\u00a0h ago, but too little shows that it is right. Its network agrees. " +
      "Lists on the web agree. No player’s device has told the time: opening this page on a player’s phone is enough.",
  );
});

it("asks for nobody where only work decides", async () => {
  await open({ ...ON, pending: 1 }, "pow");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).not.toHaveBeenCalled();
});
