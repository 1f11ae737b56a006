// To whom this device has handed what opens its sealed tips: they keep it, whoever are keepers later.

import type { Shapes } from "../node/client";
import { list, maybe, object, text } from "../node/shape";
import { kept } from "../device/kept";
import type { Who } from "./earlier";

type Keeper = Pick<Shapes["KeeperBody"], "keeper" | "key">;
type Seal = Pick<Shapes["KeptSealBody"], "commitment" | "next_round"> & {
  dealt?: { keepers: readonly unknown[] } | null;
};

/** Of one sealed tip. */
interface Delivered {
  commitment: string;
  /** To whom, when it was handed last. */
  last: Keeper[];
  /** To whom, when they were fewest; none if they never were few. */
  few: Keeper[];
}

/** As many keepers and more learn nothing one by one. */
const SAFE = 3;

/** A node lists some five hundred. */
const MOST = 1_000;

const storeOf = ({ pool, account }: Who) => kept(`bolao.handed.${pool}.${account}`);

const keeper = object({ keeper: object({ account: text, name: maybe(text) }), key: text });
const handed = object({ commitment: text, last: list(keeper), few: list(keeper) });

let known: { from: string; all: Delivered[] } = { from: "[]", all: [] };

/** All that is kept, read once as long as it stays the same: each row of a screen asks. */
function allOf(who: Who): Delivered[] {
  const from = storeOf(who).read() ?? "[]";
  if (known.from === from) return known.all;
  let all: unknown;
  try {
    all = JSON.parse(from);
  } catch {
    all = [];
  }
  known = { from, all: Array.isArray(all) ? (all as Delivered[]).filter(handed) : [] };
  return known.all;
}

const deliveredOf = (who: Who, commitment: string): Delivered | undefined =>
  allOf(who).find((it) => it.commitment === commitment);

/**
 * Whether what opens a tip may be handed to these keys without asking its player. Whoever appoints keepers could take the place of
 * those who were keepers when the tip was made; of fewer than three each could look, or all together, in any case. Where this device
 * knows of none who have it, or of few, the node may know of others: another device, or this one before it forgot, has handed it to them.
 */
export function mayHave(who: Who, { commitment, next_round, dealt }: Seal, keys: readonly string[]): boolean {
  const before = deliveredOf(who, commitment)?.last;
  if (before === undefined) return dealt == null && next_round === 0;
  const same = [...before.map(({ key }) => key)].sort().join() === [...keys].sort().join();
  return same || (before.length < SAFE && (dealt?.keepers.length ?? 0) < SAFE);
}

/** Whether this device has ever handed over what opens a tip. */
export const hasDelivered = (who: Who): boolean => allOf(who).length > 0;

/** The few who were handed what opens a tip from this device. */
export const fewOf = (who: Who, commitment: string): Keeper[] => deliveredOf(who, commitment)?.few ?? [];

const fewer = (before: Keeper[], now: Keeper[]): Keeper[] =>
  now.length < SAFE && (before.length === 0 || now.length < before.length) ? now : before;

/**
 * Remembers it, before it leaves this device. What the node lists no more goes first, and only for want of room: a node could leave a
 * tip out so that it is forgotten.
 */
export function rememberDelivered(
  who: Who,
  commitments: readonly string[],
  to: readonly Keeper[],
  listed: readonly string[],
): void {
  const last = to.map(({ keeper: { account, name = null }, key }) => ({ keeper: { account, name }, key }));
  const fresh = commitments.map((commitment) => ({ commitment, last, few: fewer(fewOf(who, commitment), last) }));
  const others = allOf(who).filter(({ commitment }) => !commitments.includes(commitment));
  const still = new Set([...listed, ...commitments]);
  const all = [...others, ...fresh].sort(
    (one, other) => Number(still.has(one.commitment)) - Number(still.has(other.commitment)),
  );
  storeOf(who).write(JSON.stringify(all.slice(-MOST)));
}

export const forgetDelivered = (who: Who): void => void storeOf(who).write(null);
