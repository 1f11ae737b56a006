import { expect, it } from "vitest";

import type { Shapes } from "../node/client";
import { follow, keptTips, onItsWay, type OwnTip } from "./ownTips";
import type { Fate, Sent } from "./sent";

const transaction = (id: string) => ({ id }) as Shapes["TransactionBody"];
const bet = (transaction: string) => ({ transaction }) as Shapes["BetBody"];
const ids = (some: Shapes["TransactionBody"][]) => some.map(({ id }) => id);

it("a tip that waits no more is on its way until the bets were read since", () => {
  const before = follow(undefined, [transaction("a"), transaction("b")], 1_000);
  const after = follow(before, [transaction("b")], 2_000);
  expect(ids(onItsWay(before, [], 500))).toEqual(["a", "b"]);
  // The bets are of before the block, then of after it.
  expect(ids(onItsWay(after, [], 1_500))).toEqual(["a", "b"]);
  expect(ids(onItsWay(after, [bet("a")], 2_500))).toEqual(["b"]);
  // It never got in.
  expect(ids(onItsWay(after, [], 2_500))).toEqual(["b"]);
});

it("bets that came first have it already", () => {
  const after = follow(follow(undefined, [transaction("a")], 1_000), [], 2_000);
  expect(onItsWay(after, [bet("a")], 1_900)).toEqual([]);
});

it("what waits again, and what went long ago, is not remembered", () => {
  const gone = follow(follow(undefined, [transaction("a")], 1_000), [], 2_000);
  expect(follow(gone, [transaction("a")], 3_000).gone).toEqual([]);
  expect(follow(gone, [], 100_000).gone).toEqual([]);
});

const CODES = new Map([[1, "PtCh"]]);

const sent = (id: string, fate: Fate, home = 2): Sent => ({
  id,
  fate,
  nonce: 1,
  transaction: "a1",
  at_ms: 0,
  tips: [{ match_no: 1, stake: 0, score: { home, away: 1 } }],
});

it("shows what the node has lost, and what came too late unless another tip stands", () => {
  const stands = [{ tip: { match: { no: 1, code: "PtCh" }, transaction: "other" } as OwnTip }];
  const shown = (fate: Fate, known: typeof stands) =>
    keptTips([sent("a", fate)], known, CODES, new Set()).map(({ tip }) => tip.state);
  expect(shown("again", [])).toEqual(["sent"]);
  expect(shown("again", stands)).toEqual(["sent"]);
  expect(shown("late", [])).toEqual(["late"]);
  expect(shown("late", stands)).toEqual([]);
  expect(shown("booked", [])).toEqual([]);
});

it("what waits for a block is shown as it was signed here, and nothing else of what is said to wait", () => {
  const homes = (way: string[]) =>
    keptTips([sent("a", "booked", 3), sent("b", "sent", 4)], [], CODES, new Set(way)).map(({ tip }) => tip.score?.home);
  // A block has it, which the bets do not say yet.
  expect(homes(["a", "invented"])).toEqual([3, 4]);
  expect(homes([])).toEqual([4]);
});

it("one that never gets in hides none that is on its way", () => {
  const states = keptTips([sent("a", "sent"), sent("b", "late")], [], CODES, new Set()).map(({ tip }) => tip.state);
  expect(states).toEqual(["sent"]);
});
