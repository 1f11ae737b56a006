// Sends to other pools what is sent to the page's own, one after the other: none holds up another, and each says what became of it.

import { store } from "../../device/store";
import type { Joined } from "../../keys/joined";
import { signer, StaysLocked } from "../../keys/signer";
import { queries } from "../../node/client";
import type { Wanted } from "./same";
import { sendThere, type SentThere } from "./sendThere";

export type Outcome =
  | { is: "sending" }
  | ({ is: "sent"; all: number } & SentThere)
  | { is: "failed"; error: Error; wanted: readonly Wanted[] };

/** What became of it last, by pool: somebody may be at another place by then. */
export const outcomes = store<ReadonlyMap<string, Outcome>>(new Map());

export function tell(pool: string, outcome: Outcome | undefined): void {
  const next = new Map(outcomes.get());
  if (outcome === undefined) next.delete(pool);
  else next.set(pool, outcome);
  outcomes.set(next);
}

/** Names what is known of another pool. */
export const alsoKey = (pool: string) => ["also in", pool];

/** The key of this page first: its passphrase is asked for once. Says whether it was given. */
const unlocked = (own: string): Promise<boolean> =>
  signer(own).then(
    () => true,
    // Where this page's own computer is away, others may be there.
    (error: unknown) => !(error instanceof StaysLocked),
  );

/** `own`: the pool of this page. */
export async function sendAlso(own: string, others: readonly Joined[], wanted: readonly Wanted[]): Promise<void> {
  for (const { pool } of others) tell(pool, { is: "sending" });
  const goes = await unlocked(own);
  for (const one of others) {
    const { pool } = one;
    if (!goes) {
      tell(pool, undefined);
      continue;
    }
    try {
      tell(pool, { is: "sent", all: wanted.length, ...(await sendThere(one, own, wanted)) });
    } catch (error) {
      tell(pool, { is: "failed", error: error instanceof Error ? error : new Error(String(error)), wanted });
    }
    void queries.invalidateQueries({ queryKey: alsoKey(pool) });
  }
}
