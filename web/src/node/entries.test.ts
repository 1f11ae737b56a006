import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { questionOf } from "../test/questions";
import {
  actEntry,
  answersEntry,
  betEntry,
  matchEntry,
  objectionEntry,
  outcome,
  playerEntry,
  questionEntry,
  roundEntry,
  versionEntry,
  waitingEntry,
} from "./entries";

const PLAYER = { account: "bolao1ana", name: "Ana" };
const waiting = (of: object) => ({
  id: "1",
  about: { no: 1, code: "A" },
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
  const answers = {
    question: { no: 0x4000, code: "champion", kind: "question" },
    player: PLAYER,
    points: null,
    answers: [null],
  };
  expect(answersEntry(answers)).toBe(true);
  expect(answersEntry({ ...answers, answers: [{ answer: "Portugal" }] })).toBe(false);
});

/** What honest nodes answer, as the API's description shows it. */
const EXAMPLES = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../crates/node/api/src/v1/examples.json"), "utf8"),
) as Record<string, { answer: { items: unknown[] } }>;

it.each([
  ["log", actEntry],
  ["matches", matchEntry],
  ["matches/{code}/objections", objectionEntry],
  ["matches/{code}/results", versionEntry],
  ["matches/{code}/tips", betEntry],
  ["players", playerEntry],
  ["questions", questionEntry],
  ["questions/{code}/answers", answersEntry],
  ["rounds", roundEntry],
  ["votes", waitingEntry],
] as const)("takes what an honest node answers to /%s", (path, entry) => {
  const items = EXAMPLES[`get /api/v1/${path} 200`]?.answer.items ?? [];
  expect(items).not.toEqual([]);
  expect(items.map((it) => entry(it))).toEqual(items.map(() => true));
});
