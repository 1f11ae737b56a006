import { expect, it } from "vitest";

import { NUMBER, questionOf as question, SEMIS, TEAMS } from "../../test/questions";
import type { QuestionVote } from "../../node/questions";
import { draftOf, isLong, numberFor, questionOf } from "./ask";

it("is signed as it stands where nothing was changed", () => {
  for (const asked of [question(), NUMBER, SEMIS])
    expect(questionOf(draftOf(asked), asked.no, asked)).toMatchObject({
      no: asked.no,
      closes: Date.parse(asked.closes) / 1000,
      asks: asked.asks,
    });
});

it("is not whole with an answer twice, fewer answers than places, or no time", () => {
  const draft = draftOf(SEMIS);
  expect(questionOf({ ...draft, options: "Brazil\nBrazil" }, 1)).toBeUndefined();
  expect(questionOf({ ...draft, options: " Brazil \n\n" }, 1)).toBeUndefined();
  expect(questionOf({ ...draft, slots: 5 }, 1)).toBeUndefined();
  expect(questionOf({ ...draft, closes: "" }, 1)).toBeUndefined();
  expect(questionOf({ ...draft, text: " " }, 1)).toBeUndefined();
  expect(questionOf({ ...draft, options: `${TEAMS.join("\n")}\n Chile ` }, 1)?.asks).toMatchObject({
    options: [...TEAMS, "Chile"],
  });
});

it("gives no more for a number that is near than for the right one", () => {
  expect(questionOf({ ...draftOf(NUMBER), points: "3" }, 1)?.asks).toMatchObject({ near: [3] });
});

it("is too long for a transaction with 256 long answers", () => {
  const options = Array.from({ length: 256 }, (_, at) => `${at} ${"x".repeat(50)}`).join("\n");
  const long = questionOf({ ...draftOf(question()), options }, 1);
  expect(long && isLong(long)).toBe(true);
  const asked = questionOf(draftOf(question()), 1);
  expect(asked && isLong(asked)).toBe(false);
});

it("is numbered behind all slots, or as another organiser proposed it", () => {
  const vote = { question: { ...question(), no: 0x4100, code: "Other" } } as unknown as QuestionVote;
  expect(numberFor("new", [], [])).toBe(0x4000);
  expect(numberFor("new", [question(), SEMIS], [])).toBe(0x4022);
  expect(numberFor("new", [SEMIS], [vote])).toBe(0x4101);
  expect(numberFor("other", [SEMIS], [vote])).toBe(0x4100);
  // Nobody takes all numbers by proposing the last.
  const last = { question: { ...question(), no: 0x7fff, code: "Last" } } as unknown as QuestionVote;
  expect(numberFor("new", [SEMIS], [last])).toBe(0x4000);
});
