import { expect, it, vi } from "vitest";

const INVITED = { height: 2, hash: "2" };

vi.mock("../keys/player", () => ({ playerOf: () => ({ named: INVITED }) }));

it("has the book hold the block that the invitation names, however far it was read before", async () => {
  const { seenOf } = await import("./lastSeen");
  expect(seenOf("pool")).toEqual({ named: [INVITED], seen: null, best: null });
  localStorage.setItem("bolao.final.pool", JSON.stringify({ height: 9, hash: "9", work: "1", tip: "9" }));
  const [seen, best] = [
    { height: 9, hash: "9" },
    { work: "1", tip: "9" },
  ];
  expect(seenOf("pool")).toEqual({ named: [INVITED], seen, best });
  expect(seenOf("pool", true)).toEqual({ named: [INVITED, seen], seen: null, best });
});
