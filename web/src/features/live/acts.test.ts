import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { effectsOf, heldBack } from "./acts";

const who = (name: string) => ({ name, account: name });
const fixture = (no: number, kickoff: string | null) => ({ no, code: `A${no}`, kickoff, stage: "Final" });

let seq = 0;
const act = (transaction: string, organiser: string, took_effect: boolean, signed: object, ...others: string[]) =>
  ({
    seq: (seq += 1),
    transaction,
    organiser: who(organiser),
    signers: [...others, organiser].map(who),
    effect: took_effect ? { match: {} } : null,
    said: took_effect ? ["said"] : undefined,
    ...signed,
  }) as unknown as Shapes["ActBody"];
const schedule = (no: number, kickoff: string | null) => ({ type: "schedule", fixture: fixture(no, kickoff) });
const result = (home: number) => ({
  type: "result",
  match: { no: 1, code: "A1" },
  about: { no: 1, code: "A1" },
  outcome: { status: "played", after_90: { home, away: 0 } },
});
const vote = (signed: object, needed: number, ...signers: string[]) =>
  ({
    match: { no: 1, code: "A1" },
    about: { no: 1, code: "A1" },
    ...signed,
    signatures_needed: needed,
    signers: signers.map(who),
  }) as unknown as Shapes["WaitingBody"];

const AT = "2026-12-20T19:15:00Z";
const LATER = "2026-12-21T19:15:00Z";

/** In the order in which they were signed. */
const effects = (acts: Shapes["ActBody"][], waiting: Shapes["WaitingBody"][] = []) =>
  Object.fromEntries(effectsOf([...acts].reverse(), waiting));

it("says of one signature of two that it proposes, and how many are missing", () => {
  const moved = schedule(1, LATER);
  expect(effects([act("a", "ana", false, moved)], [vote(moved, 3, "ana")])).toEqual({
    a: { set: false, signers: [who("ana")], said: [], missing: 2 },
  });
});

it("tells once what took effect, with all who signed", () => {
  const moved = schedule(1, LATER);
  expect(effects([act("a", "ana", false, moved), act("b", "bruno", true, moved, "ana")])).toEqual({
    a: null,
    b: { set: true, signers: [who("ana"), who("bruno")], said: ["said"], missing: 0 },
  });
});

it("keeps what was proposed in vain, and what was proposed again", () => {
  const told = effects([
    act("a", "ana", false, schedule(1, LATER)),
    act("b", "ana", false, schedule(1, null)),
    act("c", "bruno", false, schedule(1, LATER)),
    act("d", "clara", true, schedule(1, LATER), "bruno"),
  ]);
  expect([told.a?.set, told.b?.set, told.c]).toEqual([false, false, null]);
  expect(told.d?.signers).toEqual([who("bruno"), who("clara")]);
});

it("leaves a result that stands to its match, and who signs it too", () => {
  const told = effects([
    act("a", "ana", false, result(2)),
    act("b", "bruno", true, result(2)),
    act("c", "clara", false, result(2)),
    act("d", "clara", false, result(1)),
  ]);
  expect([told.a, told.b?.set, told.c, told.d?.set]).toEqual([null, true, null, false]);
});

it("tells what is put off once more after it was scheduled anew", () => {
  const off = {
    type: "result",
    match: { no: 1, code: "A1" },
    about: { no: 1, code: "A1" },
    outcome: { status: "postponed" },
  };
  const again = [act("a", "ana", true, off), act("b", "ana", true, schedule(1, LATER)), act("c", "ana", false, off)];
  expect(effects(again, [vote(off, 2, "ana")]).c).toMatchObject({ set: false, missing: 1 });
  // Teams that are filled in later leave a result as it is.
  const filled = [act("a", "ana", true, result(2)), act("b", "ana", true, schedule(1, AT))];
  expect(effects([...filled, act("c", "bruno", false, result(2))]).c).toBeNull();
});

it("tells what a record corrects, and whether it was corrected", () => {
  const off = {
    type: "result",
    match: { no: 1, code: "A1" },
    about: { no: 1, code: "A1" },
    outcome: { status: "postponed" },
  };
  const told = effects([
    act("a", "ana", true, off),
    act("b", "ana", true, schedule(1, AT)),
    act("c", "ana", true, result(2)),
    act("d", "ana", true, result(1)),
  ]);
  expect(["a", "c", "d"].map((id) => told[id]?.recorded)).toEqual([
    { no: 1, version: 0, corrects: false, corrected: false },
    { no: 1, version: 1, corrects: false, corrected: true },
    { no: 1, version: 2, corrects: true, corrected: false },
  ]);
});

it("holds back what the log does not have yet", () => {
  const known = effectsOf([act("a", "ana", true, schedule(1, LATER))], []);
  const signed = (id: string, type: string) => ({ id, action: { type } }) as unknown as Shapes["TransactionBody"];
  const held = heldBack(known, [signed("b", "schedule"), signed("c", "bet"), signed("a", "schedule")]);
  expect([held.get("b"), held.get("c"), held.get("a")?.set]).toEqual([null, undefined, true]);
});
