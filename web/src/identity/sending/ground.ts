// Where something is sent: the pool of this page, or another one of this host. Everything that sends takes it with who sends, so that
// nothing of one pool is ever asked, signed or kept by what belongs to another.

import { bookedOf, own, ownLately, readBefore, readLately, readOn } from "../../checking/check";
import { differences } from "../../checking/state";
import type { Who } from "../../keys/earlier";
import { openedPool, signer, type Signing } from "../../keys/signer";
import { node, type Node } from "../../node/client";
import type { Rules } from "../../rules";

/** What this device knows by itself of a pool's book. */
export interface Book {
  readBefore: () => Promise<Rules | undefined>;
  readLately: () => Promise<Rules | undefined>;
  readOn: (first: boolean) => Promise<{ rules: Rules; whole: boolean } | undefined>;
  bookedOf: (account: string) => Promise<number | undefined>;
  own: <Answer>(path: string, now: boolean) => Promise<Answer | undefined>;
  ownLately: <Answer>(path: string) => Promise<Answer | undefined>;
  /** Whether its node names other matches than the book has. */
  differs: () => boolean;
}

export interface Ground {
  node: Node;
  keys: Pick<Signing, "openedPool" | "signer">;
  book: Book;
}

/** The pool of this page. */
export const here: Ground = {
  node,
  keys: { openedPool: (id) => openedPool(id), signer: (pool, ask) => signer(pool, ask) },
  book: {
    readBefore: () => readBefore(),
    readLately: () => readLately(),
    readOn: (first) => readOn(first),
    bookedOf: (account) => bookedOf(account),
    own: (path, now) => own(path, now),
    ownLately: (path) => ownLately(path),
    differs: () => differences.get().has("matches"),
  },
};

/** Somebody who sends, and where: at this page's pool unless it says otherwise. */
export interface Seat extends Who {
  ground?: Ground;
}
