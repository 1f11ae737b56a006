// What an organiser tells the node, and no block keeps: live scores, and whether it reads lists from the web.

import { node } from "../node/client";
import { nodeTime } from "../node/clock";
import { signer } from "./signer";

/** The time of the last word: of two of the same second the node could not tell which came first. */
let last_s = 0;

/** Signs a word and sends it. Asks for the passphrase where the key is locked. */
async function say(pool: string, account: string, text: string): Promise<void> {
  const rules = await signer(pool);
  const at = Math.max(Math.floor(nodeTime() / 1000), last_s + 1);
  last_s = at;
  const signature = await rules.say(text, at);
  const { error } = await node.POST("/api/v1/words", { body: { account, at, text, signature } });
  if (error !== undefined) throw error;
}

/** Has the node read lists from the web, or not; a `list` is added: the code of a competition, or an address. */
export const saySources = (pool: string, account: string, on: boolean, list = ""): Promise<void> =>
  say(pool, account, on ? `sources on ${list}`.trim() : "sources off");

/** A score while a match is played. */
export interface LiveWord {
  code: string;
  score: { home: number; away: number } | null;
  minute: number | null;
}

/** Shows a live score at the match of this code; none ends it. */
export function sayLive(pool: string, account: string, { code, score, minute }: LiveWord): Promise<void> {
  const goals = score === null ? "-" : `${score.home}-${score.away}`;
  const when = score === null || minute === null ? "" : ` ${minute}`;
  return say(pool, account, `live ${code} ${goals}${when}`);
}
