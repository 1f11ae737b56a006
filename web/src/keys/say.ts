// What an organiser tells the node, and no block keeps: whether it reads lists from the web, a live score.

import { nodeTime } from "../node/clock";
import { node } from "../node/client";
import { signer } from "./signer";

/** Signs a text, such as `sources on` or `live PtCh 1-0 63`, and tells it. Throws `StaysLocked` if the passphrase is not given. */
export async function say(pool: string, account: string, text: string): Promise<void> {
  const at = Math.floor(nodeTime() / 1000);
  const signature = await (await signer(pool, true)).say(text, at);
  const { error } = await node.POST("/api/v1/words", { body: { account, at, text, signature } });
  if (error !== undefined) throw error;
}
