// The pass of this device's player in a pool that only players may look at: a signed word in a cookie, which goes along with whatever
// the browser asks for.

import { inHost } from "../device/address";
import { nodeTime } from "../node/clock";
import type { Rules } from "../rules";
import { playerOf } from "./player";
import { signer } from "./signer";

/** So long is a pass good, and so old is it when another takes its place. */
const GOOD_S = 30 * 86_400;
const RENEW_S = 15 * 86_400;
/** It may be so far ahead of the computer’s clock. */
const AHEAD_S = 3_600;

/** Of each pool another: all ports of a host share their cookies. */
const nameOf = (pool: string): string => `bolao-look-${pool}=`;

function write(pool: string, pass: string, age_s: number, path = inHost("/")): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${nameOf(pool)}${pass}; SameSite=Strict; Path=${path}; Max-Age=${age_s}${secure}`;
}

/** The pass that this browser has, whosever it is. */
export function passOf(pool: string): string | undefined {
  const name = nameOf(pool);
  const kept = document.cookie.split("; ").find((it) => it.startsWith(name));
  return kept?.slice(name.length);
}

/** Whether this browser has a pass of an account, and of late. */
export function hasPass(pool: string, account: string): boolean {
  const [of, at_s] = passOf(pool)?.split(".") ?? [];
  const age_s = nodeTime() / 1000 - Number(at_s);
  // One that a computer with a clock far ahead made this page sign is good for nothing once that clock is right.
  return of === account && age_s < RENEW_S && age_s > -AHEAD_S;
}

/** Signs a pass, unless there is one of late. `ask`: for the passphrase too, where the key is locked. */
export async function takePass(pool: string, ask: boolean): Promise<void> {
  const account = playerOf(pool)?.account;
  if (account === undefined || hasPass(pool, account)) return;
  await signPass(await signer(pool, ask), pool, account);
}

/** Signs a pass with the keys in hand; `path`: where the pool's page lies on the host, if that is elsewhere. */
export async function signPass(rules: Pick<Rules, "say">, pool: string, account: string, path?: string): Promise<void> {
  const at = Math.floor(nodeTime() / 1000);
  write(pool, `${account}.${at}.${await rules.say("look", at)}`, GOOD_S, path);
}

export const dropPass = (pool: string): void => write(pool, "", 0);
