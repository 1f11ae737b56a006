import { beforeEach, expect, it, vi } from "vitest";

import type { Question } from "../checking/compare";
import type { Act } from "../rules";

const agrees = vi.fn<(question: Question, now: boolean) => Promise<boolean>>();

vi.mock("../checking/check", () => ({
  agrees: (question: Question, now: boolean) => agrees(question, now),
  known: () => Promise.resolve([]),
}));

const RESULT: Act = { type: "result", match_no: 1, outcome: { status: "played", after_90: { home: 2, away: 1 } } };
const APPOINT: Act = { type: "appoint", validator: { account: "bolao1x", key: "aa", weight: 1 } };

beforeEach(() => {
  agrees.mockReset().mockResolvedValue(true);
});

it("asks the book for that on which an organiser’s acts rest, each once", async () => {
  const { standInBook } = await import("./inBook");
  await standInBook([RESULT, RESULT, APPOINT]);
  expect(agrees.mock.calls.map(([{ id }, now]) => [id, now])).toEqual([
    ["matches", true],
    ["votes", true],
    ["validators", true],
  ]);
});

it("asks nothing for a player’s own acts", async () => {
  const { standInBook } = await import("./inBook");
  await standInBook([{ type: "object", match_no: 1, text: "It was 2–1." }]);
  expect(agrees).not.toHaveBeenCalled();
});

it("lets nothing be signed that rests on what the book does not say", async () => {
  const { standInBook } = await import("./inBook");
  agrees.mockImplementation(({ id }) => Promise.resolve(id !== "votes"));
  await expect(standInBook([RESULT])).rejects.toMatchObject({ code: "not-in-book", passing: true });
});
