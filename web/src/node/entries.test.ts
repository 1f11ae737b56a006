import { expect, it } from "vitest";

import { questionOf } from "../test/questions";
import { answersEntry, outcome, questionEntry, waitingEntry } from "./entries";

const PLAYER = { account: "bolao1ana", name: "Ana" };
const waiting = (of: object) => ({
  id: "1",
  match: { no: 1, code: "A" },
  signatures_needed: 2,
  signers: [PLAYER],
  ...of,
});

it("takes records of every status, and none with a part that no screen can draw", () => {
  expect(outcome({ status: "of a newer program", reason: null })).toBe(true);
  for (const odd of [{ reason: { a: 1 } }, { after_90: { home: "2", away: 1 } }, { advances: 1 }, { half_time: 3 }]) {
    expect(outcome({ status: "played", ...odd })).toBe(false);
    expect(waitingEntry(waiting({ type: "result", outcome: { status: "played", ...odd } }))).toBe(false);
  }
  expect(waitingEntry(waiting({ type: "of a newer program" }))).toBe(true);
});

it("takes questions and votes on them, and none that no screen can draw", () => {
  expect(questionEntry(questionOf())).toBe(true);
  expect(waitingEntry(waiting({ type: "question", question: questionOf() }))).toBe(true);
  for (const odd of [
    { slots: 33 },
    { closes: "soon" },
    { asks: { kind: "choice" } },
    { asks: { kind: "of a newer program" } },
  ]) {
    expect(questionEntry({ ...questionOf(), ...odd })).toBe(false);
    expect(waitingEntry(waiting({ type: "question", question: { ...questionOf(), ...odd } }))).toBe(false);
  }
  const answers = { question: { no: 0x4000, code: "champion" }, player: PLAYER, points: null, answers: [null] };
  expect(answersEntry(answers)).toBe(true);
  expect(answersEntry({ ...answers, answers: [{ answer: "Portugal" }] })).toBe(false);
});
