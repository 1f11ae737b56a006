import { beforeEach, expect, it, vi } from "vitest";

import type { QuestionBody } from "../node/questions";
import { questionOf, SEMIS } from "../test/questions";
import { whichSlot } from "./answers/answer";
import { tippableOnChain } from "./tippable";

let booked: QuestionBody[] | undefined;
vi.mock("../checking/check", () => ({
  own: (path: string) => Promise.resolve(path.includes("questions") ? booked && { items: booked } : { items: [] }),
}));

beforeEach(() => (booked = undefined));

const stands = async (question: QuestionBody, no = question.no): Promise<boolean> =>
  (await tippableOnChain(true))?.has(whichSlot(question, no)) === true;

it("has the slots of a question as the book has it", async () => {
  booked = [SEMIS];
  expect([await stands(SEMIS), await stands(SEMIS, SEMIS.no + 1), await stands(SEMIS, SEMIS.no + 2)]).toEqual([
    true,
    true,
    false,
  ]);
});

it("has no question whose text or options a node has changed", async () => {
  booked = [questionOf()];
  expect(await stands(questionOf({ closes: "2091-01-01T12:00:00Z" }))).toBe(true);
  expect(await stands(questionOf({ text: "Who is last?" }))).toBe(false);
  const options = ["Portugal", "Brazil", "Spain", "France"];
  expect(await stands(questionOf({ asks: { kind: "choice", options, perfect: 0 } }))).toBe(false);
});

it("has the matches where the book knows of no questions", async () => {
  expect(await tippableOnChain(true)).toEqual(new Set());
});
