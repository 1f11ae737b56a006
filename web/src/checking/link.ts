// Whose computer answers at a link, as they have signed it.

import type { Shapes } from "../node/client";
import { nodeTime } from "../node/clock";
import { readBefore } from "./check";

/** Who of the pool has signed lately that their computer answers there, by the book that this device has read; `null` if nobody has. */
export async function saidBy(link: Shapes["LinkKeysBody"]): Promise<string | null> {
  const { url, keys, fronted = false, player, time, signature } = link;
  const text = [fronted ? "fronted" : "serves", url, ...keys].join(" ");
  const said = { text, account: player.account, at: Date.parse(time) / 1000, signature };
  const rules = await readBefore();
  return (await rules?.linkSaid(said, Math.floor(nodeTime() / 1000))) ?? null;
}
