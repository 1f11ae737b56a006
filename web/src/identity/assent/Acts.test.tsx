import { act, cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, beforeEach, expect, it } from "vitest";

import { check, last, told } from "../../checking/state";
import { keepPlayer } from "../../keys/player";
import { seenActsOf, toldAbove } from "../../keys/seenActs";
import type { Checked } from "../../rules";
import { playersOptions, poolOptions, toldOptions } from "../../node/queries";
import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { wordsOfRules } from "../../words/languages";
import { Acts } from "./Acts";

beforeAll(() => wordsOfRules());
beforeEach(() => {
  localStorage.clear();
  told.set(undefined);
  last.set(undefined);
  check.set({ is: "done" });
});

type Act = Shapes["ActBody"];

const ANA = { account: "bolao1ana", name: "Ana" };
const DAY_S = 86_400;

const of = (seq: number, ago_s = 60, height = 9): Act =>
  ({
    seq,
    type: "day",
    signers: [ANA],
    match: { no: seq, code: `M${seq}` },
    about: { no: seq, code: `M${seq}` },
    said: [
      {
        template: "{before} is now {after}.",
        values: { before: `Spain – Brazil ${seq}`, after: `Brazil – Spain ${seq}` },
      },
    ],
    height,
    time: new Date(Date.now() - ago_s * 1000).toISOString(),
  }) as unknown as Act;

/** What this device reads of its book, above what was seen. */
const reads = (acts: Act[], above = 0): void =>
  told.set({ tip: "t", above, acts: acts.filter((act) => act.height > above) });

/** `log`: what the node says. */
async function look(pool: string, acts: Act[] | undefined, log: object[] = []): Promise<void> {
  cleanup();
  const above = toldAbove(pool) ?? 0;
  if (acts === undefined) told.set(undefined);
  else reads(acts, above);
  await show(<Acts />, [
    [toldOptions(above).queryKey, log],
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
  act(() => reads([of(7)]));
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
  localStorage.removeItem("bolao.acts.b.bruno");
  await look("b", acts);
  await userEvent.click(screen.getByRole("button", { name: "2 more changes by organisers" }));
  expect(told()).toEqual([5, 4, 3, 2, 1]);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(screen.queryByRole("button")).toBeNull();
});

/** The book was read so far, all of it final. */
const checkedTo = (height: number): void =>
  last.set({ pool: "x", checked: { final: height, height } as Checked, at_s: 0, table: true });

it("asks for no more of what was seen, once that is final", async () => {
  play("h");
  const acts = [of(3, 60, 30), of(2, 60, 20), of(1, 60, 10)];
  await look("h", acts);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(toldAbove("h"), "nothing is known to be final").toBe(0);
  expect([1, 2, 3].filter(says)).toEqual([]);
  localStorage.removeItem("bolao.acts.h.bruno");
  checkedTo(25);
  await look("h", acts);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(seenActsOf("h", "bruno")).toMatchObject({ height: 25, acts: [{ height: 30 }] });
  await look("h", acts);
  expect([1, 2, 3].filter(says)).toEqual([]);
});

it("keeps asking from below what nobody has seen", async () => {
  play("i");
  checkedTo(100);
  const acts = [60, 50, 40, 30, 20].map((height, at) => of(5 - at, 60, height));
  await look("i", acts);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(toldAbove("i")).toBe(19);
  await look("i", acts);
  expect([5, 4, 3, 2, 1].filter(says)).toEqual([2, 1]);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(toldAbove("i")).toBe(100);
});

it("hides nothing behind many changes of one match, nor behind those that came in time", async () => {
  play("j");
  const many = Array.from({ length: 150 }, (_, at) => ({
    ...of(300 - at),
    match: { no: 1, code: "M1" },
    about: { no: 1, code: "M1" },
  }));
  const others = [of(9), of(8), of(7)];
  const short = { ...of(2), short: true };
  await look("j", [...many, ...others, short]);
  expect([300, 9, 2].filter(says)).toEqual([300, 9, 2]);
  expect(screen.getByText("149 changes before it")).toBeDefined();
  await userEvent.click(screen.getByRole("button", { name: "2 more changes by organisers" }));
  expect([300, 299, 151, 9, 8, 7, 2].filter((seq) => !says(seq))).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Got it" }));
  expect(screen.queryByRole("button")).toBeNull();
});

it("knows what was tapped away by an earlier version of this page", async () => {
  play("k");
  const [act] = [of(1)];
  localStorage.setItem("bolao.acts.k", JSON.stringify([JSON.stringify([act.seq, [ANA.account], act.said])]));
  await look("k", [of(2), act]);
  expect([2, 1].filter(says)).toEqual([2]);
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

const UNCHECKED = "According to the pool’s computer. This device can’t check it.";

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
  act(() => reads([of(2)]));
  expect([says(1), says(2)]).toEqual([false, true]);
});

it("tells nobody of their own acts", async () => {
  play("d", ANA.account);
  await look("d", [of(1)]);
  expect(says(1)).toBe(false);
});
