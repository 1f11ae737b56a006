// What a player has seen on this device of what organisers changed, in each pool: all of it up to a block, and single acts above that. Each
// of those is kept as it was told: a node could tell another in its place.

import { count, list, object, text } from "../node/shape";
import { kept } from "../device/kept";
import { playerOf } from "./player";

export interface SeenActs {
  /** Everything up to this block was seen. */
  height: number;
  /** What was seen above it. */
  acts: readonly { height: number; text: string }[];
}

const isSeen = object({ height: count, acts: list(object({ height: count, text })) });

/** More than anybody taps away one by one. */
const MOST = 2_000;

const storeOf = (pool: string, account: string) => kept(`bolao.acts.${pool}.${account}`);

function read(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** What an earlier version of this page has kept: texts alone, of whoever played here. */
function before(pool: string): SeenActs["acts"] {
  const texts = read(kept(`bolao.acts.${pool}`).read());
  return list(text)(texts) ? (texts as string[]).map((text) => ({ height: Number.MAX_SAFE_INTEGER, text })) : [];
}

export function seenActsOf(pool: string, account: string): SeenActs {
  const seen = read(storeOf(pool, account).read());
  return isSeen(seen) ? (seen as SeenActs) : { height: 0, acts: before(pool) };
}

export const keepSeenActs = (pool: string, account: string, { height, acts }: SeenActs): void =>
  void storeOf(pool, account).write(JSON.stringify({ height, acts: acts.slice(0, MOST) }));

/** From which block on whoever plays here is told; `undefined` where nobody plays. */
export function toldAbove(pool: string): number | undefined {
  const account = playerOf(pool)?.account;
  return account === undefined ? undefined : seenActsOf(pool, account).height;
}
