import { act, cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";

import { check, told } from "../../checking/state";
import { keepPlayer } from "../../keys/player";
import { lastActsOptions, playersOptions, poolOptions } from "../../node/queries";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { wordsOfRules } from "../../words/languages";
import { Acts } from "./Acts";

beforeAll(() => wordsOfRules());
beforeEach(() => {
  localStorage.clear();
  told.set(undefined);
  check.set({ is: "done" });
});

type Act = Shapes["ActBody"];

const ANA = { account: "bolao1ana", name: "Ana" };
const DAY_S = 86_400;

const of = (seq: number, ago_s = 60, height = 9): Act =>
  ({
    seq,
    signers: [ANA],
    match: { no: seq, code: `M${seq}` },
    said: [
      {
        template: "{before} is now {after}.",
        values: { before: `Spain – Brazil ${seq}`, after: `Brazil – Spain ${seq}` },
      },
    ],
    height,
    time: new Date(Date.now() - ago_s * 1000).toISOString(),
  }) as unknown as Act;

/** `log`: what the node says. */
async function look(pool: string, acts: Act[] | undefined, log: object[] = []): Promise<void> {
  cleanup();
  told.set(acts);
  await show(<Acts />, [
    [lastActsOptions().queryKey, log],
    [poolOptions().queryKey, { id: pool, organisers: [] }],
    [playersOptions().queryKey, [{ account: "bruno", name: "bruno", joined: 5 }]],
  ]);
}

/** Somebody plays on a device that first looked at the pool so long ago. */
function play(pool: string, account = "bruno", looked_s = 30 * DAY_S) {
  localStorage.setItem(`bolao.looked.${pool}`, String(Math.floor(Date.now() / 1000) - looked_s));
  keepPlayer(pool, { account, name: account, keys: "", locked: false, written: true, named: null });
}

const says = (seq: number): boolean =>
  screen.getByTestId("shown").textContent.includes(`Ana: Spain – Brazil ${seq} is now Brazil – Spain ${seq}.`);

it("tells a player what an organiser changed until it is tapped away, and the next change again", async () => {
  play("a");
  await look("a", [of(1)]);
  expect(says(1)).toBe(true);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(says(1)).toBe(false);
  await look("a", [of(2), of(1)]);
  expect([says(1), says(2)]).toEqual([false, true]);
});

it("tells it as soon as the book that was read has it", async () => {
  play("e");
  await look("e", []);
  act(() => told.set([of(7)]));
  expect(says(7)).toBe(true);
});

it("tells three, the others on demand, and all as long as nobody has tapped them away", async () => {
  play("b");
  const acts = [5, 4, 3, 2, 1].map((seq) => of(seq, seq === 1 ? 20 * DAY_S : 60));
  const told = () => [5, 4, 3, 2, 1].filter(says);
  await look("b", acts);
  expect(told()).toEqual([5, 4, 3]);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(told()).toEqual([2, 1]);
  localStorage.removeItem("bolao.acts.b");
  await look("b", acts);
  await userEvent.click(screen.getByRole("button", { name: "2 more changes by organisers" }));
  expect(told()).toEqual([5, 4, 3, 2, 1]);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(screen.queryByRole("button")).toBeNull();
});

it("tells nothing from before the player came to the pool, or to this device, and nobody who only looks", async () => {
  play("c");
  await look("c", [of(0, 60, 5)]);
  expect(screen.queryByRole("button")).toBeNull();
  play("c", "bruno", 3600);
  await look("c", [of(2), of(1, 2 * 3600)]);
  expect([says(1), says(2)]).toEqual([false, true]);
  await look("nobody", [of(1)]);
  expect(says(1)).toBe(false);
});

const UNCHECKED = "The pool’s computer says so. This device hasn’t checked it.";

it("tells by the node’s word, and says so, where this device has not read the book", async () => {
  check.set({ is: "off", reason: "metered" });
  play("f");
  await look("f", undefined, [{ ...of(3), said: undefined }, of(2), of(1)]);
  expect([says(1), says(2)]).toEqual([true, true]);
  expect(screen.getByText(UNCHECKED)).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  const changed = { ...of(2), said: of(9).said };
  await look("f", [changed, of(1)]);
  expect([says(1), says(9)]).toEqual([false, true]);
  expect(screen.queryByText(UNCHECKED)).toBeNull();
});

it("tells by the node’s word at once, and by the book as soon as this device has read it", async () => {
  check.set({ is: "running", progress: undefined, slow: false });
  play("g");
  await look("g", undefined, [of(1)]);
  expect(says(1)).toBe(true);
  act(() => told.set([of(2)]));
  expect([says(1), says(2)]).toEqual([false, true]);
});

it("tells nobody of their own acts", async () => {
  play("d", ANA.account);
  await look("d", [of(1)]);
  expect(says(1)).toBe(false);
});
