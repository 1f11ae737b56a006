import { describe, expect, it, vi } from "vitest";

import type { Compared, Difference } from "../rules";
import { compareUntilSure, type Question } from "./compare";

const difference: Difference = { what: "points", player: "bruno", node: "12", own: "11", sentence: "bruno has 11" };
const question: Question = {
  id: "standings",
  read: (fresh) => Promise.resolve([{ of: { route: "standings", stage: null }, body: fresh ? "fresh" : "shown" }]),
};

const rules = (...answers: Compared[]) => {
  const compare = vi.fn<(of: unknown, body: unknown) => Promise<Compared>>();
  for (const answer of answers) compare.mockResolvedValueOnce(answer);
  return { compare };
};

describe("comparing what the node said", () => {
  it("says nothing where all is equal, and asks once", async () => {
    const it = rules({ state: "equal" });
    expect(await compareUntilSure(it, question, () => Promise.resolve(), 0)).toBeUndefined();
    expect(it.compare.mock.calls).toEqual([[{ route: "standings", stage: null }, "shown"]]);
  });

  it("does not cry where a block came in between", async () => {
    const catchUp = vi.fn(() => Promise.resolve());
    const it = rules({ state: "different", difference }, { state: "equal" });
    expect(await compareUntilSure(it, question, catchUp, 0)).toBeUndefined();
    expect(catchUp).toHaveBeenCalledOnce();
    expect(it.compare.mock.lastCall?.[1]).toBe("fresh");
  });

  it("cries where the difference stays", async () => {
    const lie: Compared = { state: "different", difference };
    expect(await compareUntilSure(rules(lie, lie, lie, lie), question, () => Promise.resolve(), 0)).toBe(difference);
  });

  it("cries of what it saw, although the node then speaks of another tip for ever", async () => {
    const away: Compared = { state: "other_tip", own: "ab" };
    const it = rules({ state: "different", difference }, away, away, away);
    expect(await compareUntilSure(it, question, () => Promise.resolve(), 0)).toBe(difference);
  });
});
