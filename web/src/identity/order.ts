// Which of this account's acts is the next. The node names it, and a node that lies could have two acts signed for one place and let
// come about which it likes, or one for a place to which the book never comes. So what it names is compared with what this device knows.

import { readOn } from "../checking/check";
import { node, type Shapes } from "../node/client";
import { everyPage } from "../node/pages";
import { count, Unreadable } from "../node/shape";
import { follow } from "./follow";
import { OTHER_ORDER, PLACE_TAKEN, refused, Refused } from "./refused";
import { isOver, sentOf } from "./sent";

const ATTEMPTS = 3;
const PAUSE_MS = 300;

async function named(account: string): Promise<number> {
  const { data, error } = await node.GET("/api/v1/accounts/{account}/nonce", { params: { path: { account } } });
  if (data === undefined) throw refused(error);
  if (!count(data.next_nonce)) throw new Unreadable("the next nonce is no number");
  return data.next_nonce;
}

/** What the node says waits for a block, as it was signed. */
async function waitingAt(account: string): Promise<string[]> {
  const waiting = await everyPage<Shapes["TransactionBody"]>((cursor) =>
    node.GET("/api/v1/transactions", {
      params: { query: { state: "pending", limit: 500, account, ...(cursor && { cursor }) } },
    }),
  );
  return waiting.map(({ raw }) => raw);
}

/** What speaks against signing so many acts from a place on; `undefined` where nothing does, as far as this device knows. */
async function against(account: string, next: number, acts: number): Promise<string | undefined> {
  const sent = sentOf(account).filter(({ fate }) => !isOver(fate));
  const own = sent.map(({ transaction }) => transaction);
  const book = await readOn();
  const order = await book?.rules.order(account, own);
  if (order !== undefined && next < order.booked) return OTHER_ORDER;
  if (sent.some(({ nonce }) => nonce >= next && nonce < next + acts)) return PLACE_TAKEN;
  if (book === undefined || order === undefined) return undefined;
  const { rules, whole } = book;
  if (next <= order.next || !whole || !order.whole) return undefined;
  // Perhaps another device's.
  const all = await rules.order(account, [...own, ...(await waitingAt(account))]);
  return next <= all.next ? undefined : OTHER_ORDER;
}

/** The nonce to sign so many acts from on: as the node names it, once nothing that this device knows speaks against it. */
export async function nonceToSign(account: string, acts: number): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const next = await named(account);
    const wrong = await against(account, next, acts);
    if (wrong === undefined) return next;
    if (attempt === ATTEMPTS) throw new Refused(wrong, `the computer names the place ${next}`);
    // It may have lost what was sent.
    if (wrong === PLACE_TAKEN) await follow(account);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt));
  }
}
