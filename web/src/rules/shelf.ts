// What the rules have read of a book, kept on this device in IndexedDB: browsers have it over plain HTTP, too, where it is the blocks
// alone, of which all is made again.

import { del, get, set } from "idb-keyval";

import type { Shelf } from "./session";

/** An address shows one pool: the next one's book takes the place of the last one's. */
const bookAt = (below: string): string => `book${below}`;

/** A browser that does not answer at all keeps nobody waiting. */
const PATIENCE_MS = 2_000;

interface Kept {
  /** What has written it: another build of the rules may read it otherwise. */
  build: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const late = () => new Promise<undefined>((resolve) => setTimeout(resolve, PATIENCE_MS));

/** `below`: the path of the host below which the pool's page lies. */
export const shelfOf = (build: string, below: string): Shelf => ({
  async read() {
    const kept = await Promise.race([get<Kept>(bookAt(below)), late()]).catch(() => undefined);
    return kept?.build === build && kept.bytes instanceof Uint8Array ? kept.bytes : undefined;
  },
  write: (bytes) => set(bookAt(below), { build, bytes } satisfies Kept).catch(() => undefined),
  clear: () => del(bookAt(below)).catch(() => undefined),
});
