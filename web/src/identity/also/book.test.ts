import { beforeEach, expect, it, vi } from "vitest";

import { wishToCheck } from "../../checking/allowed";
import { RulesError } from "../../rules";
import { bookOf } from "./book";

const check = vi.fn();
const ask = vi.fn(() => Promise.resolve(JSON.stringify({ items: [1] })));
const order = vi.fn(() => Promise.resolve({ booked: 3, next: 4, whole: true }));
const rules = { check, ask, order };
const CHECKED = { final: 4, final_hash: "f", work: "1", tip: "t" };

const book = (transactions = 10) => bookOf("office", rules, transactions);

beforeEach(() => {
  localStorage.clear();
  check.mockReset().mockResolvedValue(CHECKED);
  wishToCheck("always");
});

it("knows nothing before it was read, and goes by what was read from then on", async () => {
  const it = book();
  expect([await it.readBefore(), await it.bookedOf("me")]).toEqual([undefined, undefined]);
  expect(await it.readOn(false)).toBeUndefined();
  expect(check).not.toHaveBeenCalled();
  expect(await it.readOn(true)).toMatchObject({ whole: true });
  expect(await it.bookedOf("me")).toBe(3);
  expect(await it.ownLately("/api/v1/matches?limit=500")).toEqual({ items: [1] });
  expect(JSON.parse(localStorage.getItem("bolao.final.office") ?? "")).toMatchObject({ height: 4, tip: "t" });
});

it("lets nothing be signed by a book that breaks the rules, and something where it only cannot be read", async () => {
  check.mockRejectedValue(new RulesError("broken-chain", "a forged block"));
  await expect(book().readOn(true)).rejects.toThrow("forged");
  check.mockRejectedValue(new RulesError("away", "nobody answers"));
  expect(await book().readOn(true)).toBeUndefined();
  expect(await book().own("/api/v1/matches?limit=500", true)).toBeUndefined();
});

it("reads no book where its owner reads none, unless it is wanted", async () => {
  wishToCheck("asked");
  const it = book();
  expect(await it.readOn(true)).toBeUndefined();
  expect(await it.own("/api/v1/matches?limit=500", false)).toBeUndefined();
  expect(check).not.toHaveBeenCalled();
  expect(await it.own("/api/v1/matches?limit=500", true)).toEqual({ items: [1] });
});
