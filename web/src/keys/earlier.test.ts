import { beforeEach, expect, it, vi } from "vitest";

import type { Who } from "./earlier";

const ANA = { account: "ana", name: "Ana", keys: "k", locked: false, written: false, named: null };
const SENT = JSON.stringify([{ id: "a", nonce: 1, transaction: "00", at_ms: 1, tips: [], fate: "sent" }]);

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

it("what an earlier page kept by account alone stays with the pool that was there, whoever joins another", async () => {
  localStorage.setItem("bolao.player.first", JSON.stringify(ANA));
  localStorage.setItem("bolao.sent.ana", SENT);
  localStorage.setItem("bolao.handed.ana", "[]");
  const { keepPlayer, playerOf } = await import("./player");
  const { sentOf } = await import("./sent");
  keepPlayer("second", ANA);
  expect(playerOf("second")?.account).toBe("ana");
  expect(sentOf({ pool: "first", account: "ana" })).toHaveLength(1);
  expect(sentOf({ pool: "second", account: "ana" })).toEqual([]);
  expect(localStorage.getItem("bolao.sent.ana")).toBeNull();
  expect(localStorage.getItem("bolao.handed.first.ana")).toBe("[]");
});

it("one account sends in two pools, and leaves one of them", async () => {
  const { keepPlayer } = await import("./player");
  const { keepSent, sentOf } = await import("./sent");
  const [first, second] = ["first", "second"].map((pool) => ({ pool, account: "ana" })) as [Who, Who];
  for (const { pool } of [first, second]) keepPlayer(pool, ANA);
  keepSent(first, { id: "a", nonce: 1, transaction: "00", action: { tips: [] }, lapses: true });
  keepSent(second, { id: "b", nonce: 1, transaction: "01", action: { tips: [] }, lapses: true });
  expect(sentOf(first).map(({ id }) => id)).toEqual(["a"]);
  keepPlayer("first", undefined);
  expect([sentOf(first), sentOf(second).map(({ id }) => id)]).toEqual([[], ["b"]]);
});
