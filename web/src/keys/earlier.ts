// What is kept of what somebody does is kept by pool and account: one account may play in several pools of one address. Earlier pages
// kept some of it by account alone, for the pool that was there.

import { kept } from "../device/kept";

/** Somebody in a pool. */
export interface Who {
  pool: string;
  account: string;
}

const BY_ACCOUNT = ["sent", "handed"];

/** Gives a pool what an earlier page kept of its player; before the same account is kept for another pool. */
export function adopt({ pool, account }: Who): void {
  for (const what of BY_ACCOUNT) {
    const earlier = kept(`bolao.${what}.${account}`);
    const now = kept(`bolao.${what}.${pool}.${account}`);
    const text = earlier.read();
    if (text !== null && now.read() === null && now.write(text)) earlier.write(null);
  }
}
