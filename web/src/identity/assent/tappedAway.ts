// Which acts of organisers a player has tapped away on this device.

import { keepSeenActs, seenActsOf } from "../../keys/seenActs";
import type { Told } from "./useTold";

const textOf = ({ seq, signers, said }: Told): string =>
  JSON.stringify([seq, signers.map(({ account }) => account), said]);

/** Those of them that were not. */
export function notTappedAway(pool: string, account: string, acts: readonly Told[]): Told[] {
  const seen = seenActsOf(pool, account);
  const texts = new Set(seen.acts.map(({ text }) => text));
  return acts.filter((act) => act.height > seen.height && !texts.has(textOf(act)));
}

/**
 * Remembers what was tapped away of `news`. `settled`: up to which block the book stays as this device has read it; what was seen up to
 * there is asked for no more.
 */
export function tapAway(
  pool: string,
  account: string,
  acts: readonly Told[],
  news: readonly Told[],
  settled: number,
): void {
  const seen = seenActsOf(pool, account);
  const left = news.filter((act) => !acts.includes(act));
  const height = Math.max(seen.height, Math.min(settled, ...left.map((act) => act.height - 1)));
  const now = acts.map((act) => ({ height: act.height, text: textOf(act) }));
  keepSeenActs(pool, account, { height, acts: [...now, ...seen.acts].filter((act) => act.height > height) });
}
