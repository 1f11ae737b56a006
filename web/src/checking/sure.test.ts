import { describe, expect, it, vi } from "vitest";

import type { Heard } from "../node/heard";
import { type Difference, whole } from "./difference";
import { compareUntilSure, PATIENCE_MS, type Question } from "./sure";

const difference = whole("bruno has 11");
const said = (text: string) => [{ path: "/api/v1/standings", text } as Heard];
const shown = said("shown");
const found = { path: "/api/v1/standings", difference };
const question: Question = { read: () => Promise.resolve(said("fresh")) };

/** What is found one after the other; at last always the same. */
const looks = (...wrong: (Difference | undefined)[]) => {
  const look = vi.fn<(one: Heard) => Promise<Difference | undefined>>().mockResolvedValue(wrong.at(-1));
  for (const one of wrong) look.mockResolvedValueOnce(one);
  return look;
};

const tips = (...of: string[]) => {
  let index = 0;
  return vi.fn(() => Promise.resolve(of[Math.min(index++, of.length - 1)] ?? ""));
};

describe("comparing what the node said", () => {
  it("says nothing where all is equal, and asks nobody again", async () => {
    const look = looks(undefined);
    const catchUp = tips("a");
    expect(await compareUntilSure(shown, question, look, catchUp, 0)).toEqual([found.path]);
    expect(look.mock.calls).toEqual([shown]);
    expect(catchUp).not.toHaveBeenCalled();
  });

  it("does not cry where what is shown is from before a block", async () => {
    const look = looks(difference, undefined);
    expect(await compareUntilSure(shown, question, look, tips("a"), 0)).toEqual([found.path]);
    expect(look.mock.lastCall?.[0].text).toBe("fresh");
  });

  it("cries where the difference is there while no block comes", async () => {
    expect(await compareUntilSure(shown, question, looks(difference), tips("a"), 0)).toEqual(found);
  });

  it("takes nothing for right that it has not read again", async () => {
    const other = { path: "/api/v1/players/ana", text: "lie" } as Heard;
    const look = (one: Heard) => Promise.resolve(one === other ? difference : undefined);
    expect(await compareUntilSure([other, ...shown], question, look, tips("a"), 0)).toEqual([found.path]);
  });

  it("waits for a moment in which no block comes", async () => {
    const look = looks(difference, difference, undefined);
    expect(await compareUntilSure(shown, question, look, tips("a", "b", "b"), 0)).toEqual([found.path]);
    const blocks = tips("a", "b", "c", "c");
    expect(await compareUntilSure(shown, question, looks(difference), blocks, 0)).toEqual(found);
  });

  it("is not sure where a block comes each time", async () => {
    const blocks = tips(...Array.from("abcdefghijklm"));
    expect(await compareUntilSure(shown, question, looks(difference), blocks, 0)).toBe("unsure");
  });

  it("is not sure where the second answer never comes, or is none", async () => {
    vi.useFakeTimers();
    const asked = (read: Question["read"], catchUp: () => Promise<string> = tips("a")) =>
      compareUntilSure(shown, { read }, looks(difference), catchUp, 0);
    const hangs = asked(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await hangs).toBe("unsure");
    expect(await asked(() => Promise.reject(new Error("500")))).toBe("unsure");
    const noChain = asked(question.read, () => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(PATIENCE_MS);
    expect(await noChain).toBe("unsure");
    vi.useRealTimers();
  });
});
