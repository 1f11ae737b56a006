// How far an account's acts go: to those in the book come those that wait, here and at the node.

import { everyPage } from "../../node/pages";
import type { Rules } from "../../rules";
import { here, type Seat } from "./ground";

/** What the node says waits for a block, as it was signed. */
async function waitingAt({ account, ground: { node } = here }: Seat): Promise<string[]> {
  const waiting = await everyPage((query) =>
    node.GET("/api/v1/transactions", {
      params: { query: { ...query, state: "pending", account } },
    }),
  );
  return waiting.map(({ raw }) => raw);
}

/** The place after the last act that the book can come to. `own`: what was signed here, and waits; another device's may, too. */
export async function endOf(rules: Pick<Rules, "order">, seat: Seat, own: string[]): Promise<number> {
  return (await rules.order(seat.account, [...own, ...(await waitingAt(seat))])).next;
}
