import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { actsOnTheWay, keptTips, onItsWay, withGone, type OwnTip } from "./ownTips";
import type { Fate, Sent } from "../../keys/sent";

const transaction = (id: string) => ({ id }) as Shapes["TransactionBody"];

it("a tip that waits no more is on its way until the bets were read since", () => {
  const before = withGone(undefined, [transaction("a"), transaction("b")], 1_000);
  const after = withGone(before, [transaction("b")], 2_000);
  expect([...onItsWay(before, 500)]).toEqual(["a", "b"]);
  // The bets are of before the block, then of after it.
  expect([...onItsWay(after, 1_500)]).toEqual(["a", "b"]);
  expect([...onItsWay(after, 2_500)]).toEqual(["b"]);
});

it("an act that waits no more is on its way until an answer was read since", () => {
  const action = { type: "join", name: "Ana" } as Shapes["Action"];
  const way = withGone(withGone(undefined, [{ ...transaction("a"), action }], 1_000), [], 2_000);
  expect(actsOnTheWay(way, 1_500)).toEqual([action]);
  expect(actsOnTheWay(way, 2_500)).toEqual([]);
});

it("what waits again, and what went long ago, is not remembered", () => {
  const gone = withGone(withGone(undefined, [transaction("a")], 1_000), [], 2_000);
  expect(withGone(gone, [transaction("a")], 3_000).gone).toEqual([]);
  expect(withGone(gone, [], 100_000).gone).toEqual([]);
});

const CODES = new Map([[1, "PtCh"]]);

const sent = (id: string, fate: Fate, home = 2, nonce = 1): Sent => ({
  id,
  fate,
  nonce,
  transaction: "a1",
  at_ms: 0,
  tips: [{ match_no: 1, stake: 0, prediction: { score: { home, away: 1 } } }],
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

const standsAs = (transaction: string, no = 1) => [{ tip: { match: { no, code: "any" }, transaction } as OwnTip }];

it("a tip that another has replaced in the book is not drawn over it", () => {
  const both = [sent("a", "sent", 2, 1), sent("b", "sent", 3, 2)];
  const homes = (transaction: string) =>
    keptTips(both, standsAs(transaction), CODES, new Set()).map(({ tip }) => tip.score?.home);
  expect(homes("b")).toEqual([]);
  expect(homes("a")).toEqual([3]);
});

it("a tip that came too late is told although another of the same signature counts", () => {
  const shown = keptTips([sent("a", "late")], standsAs("a", 2), CODES, new Set());
  expect(shown.map(({ tip }) => tip.state)).toEqual(["late"]);
});
