import { act, cleanup, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeAll, expect, it } from "vitest";

import { told } from "../../checking/state";
import { keepPlayer } from "../../keys/player";
import { playersOptions, poolOptions } from "../../node/queries";
import type { ToldAct } from "../../rules";
import { show } from "../../test/show";
import { wordsOfRules } from "../../words/languages";
import { Acts } from "./Acts";

beforeAll(() => wordsOfRules());

const ANA = { account: "bolao1ana", name: "Ana" };
const DAY_S = 86_400;

const of = (seq: number, ago_s = 60, height = 9): ToldAct => ({
  seq,
  signers: [ANA],
  match: { no: seq, code: `M${seq}` },
  said: [
    {
      template: "{before} is now {after}.",
      values: { before: `Spain – Brazil ${seq}`, after: `Brazil – Spain ${seq}` },
    },
  ],
  short: false,
  height,
  time: Date.now() / 1000 - ago_s,
});

async function look(pool: string, acts: ToldAct[]): Promise<void> {
  cleanup();
  told.set(acts);
  await show(<Acts />, [
    [poolOptions().queryKey, { id: pool, organisers: [] }],
    [playersOptions().queryKey, [{ account: "bruno", name: "bruno", joined: 5 }]],
  ]);
}

const play = (pool: string, account = "bruno") =>
  keepPlayer(pool, { account, name: account, keys: "", locked: false, written: true, named: null });

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

it("counts what is too much to tell, and tells nothing that is old or was before the player came, and nobody who only looks", async () => {
  play("b");
  await look(
    "b",
    [5, 4, 3, 2, 1].map((seq) => of(seq)),
  );
  expect([5, 4, 3, 2].map(says)).toEqual([true, true, true, false]);
  expect(screen.getByText("2 more changes by organisers.")).toBeDefined();
  await look("b", [of(1, 8 * DAY_S), of(0, 60, 5)]);
  expect(screen.queryByRole("button")).toBeNull();
  await look("c", [of(1)]);
  expect(says(1)).toBe(false);
});

it("tells nobody of their own acts", async () => {
  play("d", ANA.account);
  await look("d", [of(1)]);
  expect(says(1)).toBe(false);
});
