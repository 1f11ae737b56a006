// Where the pools lie that this device has played in. One host may show several, each below a path of its own, and one of them at its
// top as well; whatever is kept is shared by all of their pages.

import { inHost } from "../device/address";
import { kept } from "../device/kept";
import { list, maybe, object, text } from "../node/shape";

export interface Lies {
  name: string;
  /** Where its page was opened last, such as `/p/office/`; `null` where another pool's page has come there. */
  path: string | null;
  /** Wherever its page was opened on this device. */
  paths: readonly string[];
}

/** Where this page lies. */
export const HERE = inHost("/");

const BEGINS = "bolao.pool.";
const isLies = object({ name: text, path: maybe(text), paths: list(text) });
/** What may be navigated to, and asked: a path of this host. */
const isPath = (path: string): boolean => /^\/(?:[\w.~%-]+\/)*$/.test(path);

/** Where a pool lies; `undefined` where its page was not opened since it is played in here, or by an earlier page. */
export function liesOf(pool: string): Lies | undefined {
  try {
    const lies: unknown = JSON.parse(kept(BEGINS + pool).read() ?? "null");
    if (!isLies(lies)) return undefined;
    const { name, path, paths } = lies as Lies;
    return path === null || isPath(path) ? { name, path, paths } : undefined;
  } catch {
    return undefined;
  }
}

function write(pool: string, lies: Lies): void {
  const text = JSON.stringify(lies);
  if (kept(BEGINS + pool).read() !== text) kept(BEGINS + pool).write(text);
}

/** Whether a pool's page was where this page lies. Earlier pages kept nothing of that: theirs lay at the top. */
export const stoodHere = (pool: string): boolean => (liesOf(pool)?.paths ?? ["/"]).includes(HERE);

/** Remembers that a pool's page lies here, where the pages of these others lie no more. */
export function rememberHere(pool: string, name: string, others: readonly string[]): void {
  const before = liesOf(pool)?.paths ?? [];
  write(pool, { name, path: HERE, paths: [HERE, ...before.filter((path) => path !== HERE)] });
  for (const other of others) {
    const lies = liesOf(other);
    if (lies?.path === HERE) write(other, { ...lies, path: lies.paths.find((path) => path !== HERE) ?? null });
  }
}

export const forgetPlace = (pool: string): void => void kept(BEGINS + pool).write(null);

/** Whether an entry of what is kept says where a pool lies. */
export const saysWhere = (name: string): boolean => name.startsWith(BEGINS);
