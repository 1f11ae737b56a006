import { describe, expect, it, vi } from "vitest";

import type { Compared, Difference } from "../rules";
import { compareUntilSure, PATIENCE_MS, type Question } from "./compare";

const difference: Difference = { what: "points", player: "bruno", node: "12", own: "11", sentence: "bruno has 11" };
const lie: Compared = { state: "different", difference };
const question: Question = {
  id: "standings",
  read: (fresh) => Promise.resolve([{ of: { route: "standings", stage: null }, body: fresh ? "fresh" : "shown" }]),
};

const rules = (...answers: Compared[]) => {
  const compare = vi.fn<(of: unknown, body: unknown) => Promise<Compared>>().mockResolvedValue(answers.at(-1) ?? lie);
  for (const answer of answers) compare.mockResolvedValueOnce(answer);
  return { compare };
};

const tips = (...of: string[]) => {
  let index = 0;
  return vi.fn(() => Promise.resolve(of[Math.min(index++, of.length - 1)] ?? ""));
};

describe("comparing what the node said", () => {
  it("says nothing where all is equal, and asks once", async () => {
    const it = rules({ state: "equal" });
    const catchUp = tips("a");
    expect(await compareUntilSure(it, question, catchUp, 0)).toBeUndefined();
    expect(it.compare.mock.calls).toEqual([[{ route: "standings", stage: null }, "shown"]]);
    expect(catchUp).not.toHaveBeenCalled();
  });

  it("does not cry where what is shown is from before a block", async () => {
    const it = rules(lie, { state: "equal" });
    expect(await compareUntilSure(it, question, tips("a"), 0)).toBeUndefined();
    expect(it.compare.mock.lastCall?.[1]).toBe("fresh");
  });

  it("cries where the difference is there while no block comes", async () => {
    expect(await compareUntilSure(rules(lie), question, tips("a"), 0)).toBe(difference);
  });

  it("waits for a moment in which no block comes", async () => {
    const it = rules(lie, lie, { state: "equal" });
    expect(await compareUntilSure(it, question, tips("a", "b", "b"), 0)).toBeUndefined();
    expect(await compareUntilSure(rules(lie), question, tips("a", "b", "c", "c"), 0)).toBe(difference);
  });

  it("is not sure where a block comes each time", async () => {
    const blocks = tips("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m");
    expect(await compareUntilSure(rules(lie), question, blocks, 0)).toBe("unsure");
  });

  it("is not sure where the second answer never comes, or is none", async () => {
    vi.useFakeTimers();
    const second = (answer: () => Promise<never>): Question => ({
      id: "standings",
      read: (fresh) => (fresh ? answer() : question.read(false)),
    });
    const hangs = compareUntilSure(
      rules(lie),
      second(() => new Promise(() => undefined)),
      tips("a"),
      0,
    );
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await hangs).toBe("unsure");
    const fails = second(() => Promise.reject(new Error("500")));
    expect(await compareUntilSure(rules(lie), fails, tips("a"), 0)).toBe("unsure");
    const noChain = compareUntilSure(rules(lie), question, () => new Promise(() => undefined), 0);
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await noChain).toBe("unsure");
    vi.useRealTimers();
  });

  it("takes an answer that names nothing of the book for a difference", async () => {
    const senseless = Object.assign(new Error("the book has no match of the number 7"), { code: "unknown-match" });
    const it = { compare: vi.fn<() => Promise<Compared>>().mockRejectedValue(senseless) };
    expect(await compareUntilSure(it, question, tips("a"), 0)).toMatchObject({ sentence: senseless.message });
  });
});
