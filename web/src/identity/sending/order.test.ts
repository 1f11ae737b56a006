import { beforeEach, expect, it, vi } from "vitest";

import type { Order } from "../../rules";
import type { Sent } from "../../keys/sent";

interface Book {
  rules: { order: (account: string, waiting: string[]) => Promise<Order> };
  whole: boolean;
}

const readOn = vi.fn<(first: boolean) => Promise<Book | undefined>>();
const follow = vi.fn<() => Promise<void>>();
let sent: Pick<Sent, "nonce" | "transaction" | "fate">[] = [];

const readLately = vi.fn<() => Promise<Book["rules"] | undefined>>();
vi.mock("../../checking/check", () => ({ readOn: (first: boolean) => readOn(first), readLately: () => readLately() }));
vi.mock("../../keys/sent", () => ({ sentOf: () => sent, isOver: (fate: string) => fate === "lost" }));
vi.mock("./follow", () => ({ follow: () => follow() }));

/** A book of so many acts; `5 me` is signed by this account for the place 5. */
const bookOf = (booked: number, whole = true): Book => ({
  whole,
  rules: {
    order: (account, waiting) => {
      let next = booked;
      while (waiting.includes(`${next} ${account}`)) next += 1;
      return Promise.resolve({ booked, next, whole });
    },
  },
});

/** Asks a node that names places one after the other, and gives what it says that waits. */
async function ask(names: unknown[], waiting: string[] = [], acts = 1): Promise<number> {
  const answer = (body: unknown) =>
    new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
  vi.stubGlobal("fetch", ({ url }: Request) => {
    if (url.includes("/nonce"))
      return Promise.resolve(answer({ next_nonce: names.length > 1 ? names.shift() : names[0] }));
    return Promise.resolve(answer({ items: waiting.map((raw) => ({ raw })) }));
  });
  vi.resetModules();
  const { nonceToSign } = await import("./order");
  return nonceToSign({ pool: "pool", account: "me" }, acts);
}

const other = { code: "other-order", passing: true };

beforeEach(() => {
  sent = [];
  readOn.mockReset().mockResolvedValue(undefined);
  readLately.mockReset().mockResolvedValue(undefined);
  follow.mockReset().mockResolvedValue();
});

it("believes the node where this device has not read the book", async () => {
  expect(await ask([7])).toBe(7);
  expect(await ask([0])).toBe(0);
  // Who has just come waits for no book.
  expect(readOn.mock.calls).toEqual([[true], [false]]);
});

it("signs for the next place by the book", async () => {
  readOn.mockResolvedValue(bookOf(5));
  expect(await ask([5])).toBe(5);
});

it("reads the book on only where the place is not the next by it", async () => {
  readLately.mockResolvedValue(bookOf(5).rules);
  readOn.mockResolvedValue(bookOf(6));
  expect(await ask([5])).toBe(5);
  sent = [{ nonce: 5, transaction: "5 me", fate: "sent" }];
  expect(await ask([6])).toBe(6);
  expect(readOn).not.toHaveBeenCalled();
  sent = [];
  expect(await ask([6])).toBe(6);
  expect(readOn).toHaveBeenCalledTimes(1);
  await expect(ask([4])).rejects.toMatchObject(other);
});

it("signs for no place that the book holds already, nor for one to which it does not come", async () => {
  readOn.mockResolvedValue(bookOf(5));
  await expect(ask([4])).rejects.toMatchObject(other);
  await expect(ask([6])).rejects.toMatchObject(other);
  await expect(ask([7], ["5 me"])).rejects.toMatchObject(other);
  await expect(ask([6], ["5 somebody"])).rejects.toMatchObject(other);
});

it("signs after what waits: sent from here, or by another device", async () => {
  readOn.mockResolvedValue(bookOf(5));
  sent = [{ nonce: 5, transaction: "5 me", fate: "sent" }];
  expect(await ask([6])).toBe(6);
  expect(await ask([7], ["6 me"])).toBe(7);
});

it("asks again where an act of another device came in between", async () => {
  readOn.mockResolvedValue(bookOf(6));
  expect(await ask([5, 6])).toBe(6);
});

it("does not say that a place is too far ahead while the book could not be read to its end", async () => {
  readOn.mockResolvedValue(bookOf(5, false));
  expect(await ask([7])).toBe(7);
  await expect(ask([4])).rejects.toMatchObject(other);
});

it("signs nothing for the place of what was sent from here, whatever the node has forgotten", async () => {
  sent = [{ nonce: 5, transaction: "5 me", fate: "sent" }];
  await expect(ask([5])).rejects.toMatchObject({ code: "place-taken", passing: true });
  await expect(ask([4], [], 2)).rejects.toMatchObject({ code: "place-taken" });
  expect(follow).toHaveBeenCalled();
  sent = [{ nonce: 5, transaction: "5 me", fate: "lost" }];
  expect(await ask([5])).toBe(5);
});

it("says of what the book holds that the book holds it, also before this device has heard of that", async () => {
  readOn.mockResolvedValue(bookOf(6));
  sent = [{ nonce: 5, transaction: "5 me", fate: "sent" }];
  await expect(ask([5])).rejects.toMatchObject(other);
});

it("goes on once the node has again what it had lost", async () => {
  sent = [{ nonce: 5, transaction: "5 me", fate: "sent" }];
  expect(await ask([5, 6])).toBe(6);
  expect(follow).toHaveBeenCalledTimes(1);
});

it("takes no place that is no number", async () => {
  for (const lie of [null, "5", -1, 1.5]) await expect(ask([lie])).rejects.toThrow();
});
