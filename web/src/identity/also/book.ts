// What this device knows by itself of the book of another pool of this host: it is read on the same terms as that of the page's own, by
// rules of its own, for as long as something is sent there.

import { against } from "../../checking/allowed";
import { answered, LATELY_S, NOT_A_LIE, SHORT_BOOK, SIGNS_MS } from "../../checking/check";
import { keepSeen, seenOf } from "../../checking/lastSeen";
import { isRulesError, within } from "../../checking/sure";
import type { Rules } from "../../rules";
import type { Book } from "../sending/ground";

/** So long may the whole of a book take. */
const WHOLE_MS = 120_000;

/** `transactions`: how many its node says that it has. */
export function bookOf(pool: string, rules: Pick<Rules, "check" | "ask" | "order">, transactions: number): Book {
  let read_s: number | undefined;

  async function check(): Promise<true> {
    keepSeen(pool, await rules.check(seenOf(pool)));
    read_s = Date.now() / 1000;
    return true;
  }

  /** Reads it on, and says whether that came to its end. What breaks the rules keeps anything from being signed. */
  const read = (most_ms: number): Promise<boolean> =>
    within(check(), most_ms).catch((error: unknown) => {
      if (isRulesError(error) && !NOT_A_LIE.has(error.code)) throw error;
      return false;
    });

  /** Unless its owner wants it `now`, a device that does not check by itself reads a short book only. */
  const may = (now: boolean): boolean => {
    const reason = against();
    const costs = reason === "chosen" || (reason !== undefined && transactions > SHORT_BOOK);
    return !costs || now || read_s !== undefined;
  };

  const known = rules as Rules;
  const before = (): Rules | undefined => (read_s === undefined ? undefined : known);
  const lately = (): Rules | undefined => (Date.now() / 1000 - (read_s ?? 0) <= LATELY_S ? before() : undefined);
  return {
    readBefore: () => Promise.resolve(before()),
    readLately: () => Promise.resolve(lately()),
    async readOn(first) {
      if (read_s !== undefined) return { rules: known, whole: await read(SIGNS_MS) };
      return first && may(false) && (await read(SIGNS_MS)) ? { rules: known, whole: true } : undefined;
    },
    bookedOf: async (account) => (await before()?.order(account, []))?.booked,
    own: async (path, now) => answered(may(now) && (await read(WHOLE_MS)) ? known : undefined, path),
    ownLately: (path) => answered(lately(), path),
    differs: () => false,
  };
}
