// How far an account's acts go: to those in the book come those that wait, here and at the node.

import { node } from "../../node/client";
import { everyPage } from "../../node/pages";
import type { Who } from "../../keys/earlier";
import type { Rules } from "../../rules";

/** What the node says waits for a block, as it was signed. */
async function waitingAt(account: string): Promise<string[]> {
  const waiting = await everyPage((query) =>
    node.GET("/api/v1/transactions", {
      params: { query: { ...query, state: "pending", account } },
    }),
  );
  return waiting.map(({ raw }) => raw);
}

/** The place after the last act that the book can come to. `own`: what was signed here, and waits; another device's may, too. */
export async function endOf(rules: Pick<Rules, "order">, { account }: Who, own: string[]): Promise<number> {
  return (await rules.order(account, [...own, ...(await waitingAt(account))])).next;
}
