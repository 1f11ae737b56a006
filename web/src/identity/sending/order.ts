// Which of this account's acts is the next. The node names it, and a node that lies could have two acts signed for one place and let
// come about which it likes, or one for a place to which the book never comes. So what it names is compared with what this device knows.

import { count, Unreadable } from "../../node/shape";
import { endOf } from "./end";
import { follow } from "./follow";
import { here, type Seat } from "./ground";
import { OTHER_ORDER, PLACE_TAKEN, refused, Refused } from "../../node/refused";
import { isOver, sentOf } from "../../keys/sent";

const ATTEMPTS = 3;
const PAUSE_MS = 300;

async function named({ account, ground: { node } = here }: Seat): Promise<number> {
  const { data, error } = await node.GET("/api/v1/accounts/{account}/nonce", { params: { path: { account } } });
  if (data === undefined) throw refused(error);
  if (!count(data.next_nonce)) throw new Unreadable("the next nonce is no number");
  return data.next_nonce;
}

/**
 * What speaks against signing so many acts from a place on; `undefined` where nothing does, as far as this device knows. Where the place
 * is the next by the book as it was read in the last minutes, the book is not read on for it: a node that hides an act of another device
 * from then would hide its block, too. One that does not is found out at the next reading, and the act does not come into the book.
 */
async function against(seat: Seat, next: number, acts: number): Promise<string | undefined> {
  const { account, ground: { book: known } = here } = seat;
  const sent = sentOf(seat).filter(({ fate }) => !isOver(fate));
  const own = sent.map(({ transaction }) => transaction);
  const isTaken = sent.some(({ nonce }) => nonce >= next && nonce < next + acts);
  const before = await known.readLately();
  const lately = await before?.order(account, own).catch(() => undefined);
  if (lately?.next === next && lately.whole) return isTaken ? PLACE_TAKEN : undefined;
  // Who has just come waits for no book: nothing of theirs is in it.
  const book = await known.readOn(next > 0 || sent.length > 0);
  const order = await book?.rules.order(account, own);
  if (order !== undefined && next < order.booked) return OTHER_ORDER;
  if (isTaken) return PLACE_TAKEN;
  if (book === undefined || order === undefined) return undefined;
  const { rules, whole } = book;
  if (next <= order.next || !whole || !order.whole) return undefined;
  return next <= (await endOf(rules, seat, own)) ? undefined : OTHER_ORDER;
}

/** The nonce to sign so many acts from on: as the node names it, once nothing that this device knows speaks against it. */
export async function nonceToSign(seat: Seat, acts: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const next = await named(seat);
    const wrong = await against(seat, next, acts);
    if (wrong === undefined) return next;
    if (attempt === ATTEMPTS) throw new Refused(wrong, `the computer names the place ${next}`);
    // It may have lost what was sent.
    if (wrong === PLACE_TAKEN) await follow(seat);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
  }
}
