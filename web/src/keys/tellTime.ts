// The time that this device has, told to the pool's computer over the player's signature. A computer that decides on blocks alone
// checks its own clock by what players' devices say (F21).

import { useEffect } from "react";

import { node, queries } from "../node/client";
import { statusOptions, useStatus } from "../node/queries";
import { playerOf } from "./player";
import { signer } from "./signer";

/** While the computer is in doubt, a newer word may settle it. */
const AGAIN_MS = 10_000;

/** Tells the time by this device's own clock, unless its key is locked. `nonce`: the computer's, of late. */
export async function tellTime(pool: string, nonce: string): Promise<void> {
  const account = playerOf(pool)?.account;
  if (account === undefined) return;
  const rules = await signer(pool, false);
  // Never by what the node says that the time is.
  const at = Math.floor(Date.now() / 1000);
  const signature = await rules.say(`clock ${nonce}`, at);
  const { error } = await node.POST("/api/v1/clock", { body: { account, at, signature } });
  // The nonce may be too old by now.
  if (error !== undefined) await queries.invalidateQueries({ queryKey: statusOptions().queryKey });
}

/** Tells the time whenever the node gives another nonce, and again while it is in doubt about its clock. */
export function useTellTime(pool: string, plays: boolean): void {
  const status = useStatus().data;
  const nonce = plays ? status?.clock_nonce : undefined;
  const doubts = status?.sync.clock_doubt != null;
  useEffect(() => {
    if (nonce == null) return;
    const tell = (): void => void tellTime(pool, nonce).catch(() => undefined);
    tell();
    if (!doubts) return;
    const again = setInterval(tell, AGAIN_MS);
    return () => clearInterval(again);
  }, [pool, nonce, doubts]);
}
