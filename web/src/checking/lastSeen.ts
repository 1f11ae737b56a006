// What this device has seen of the book, kept: one that comes later must not fall behind it.

import { playerOf } from "../identity/player";
import type { Best, Checked, Place } from "../rules";
import { kept } from "../shell/kept";

const keptOf = (pool: string) => kept(`bolao.final.${pool}`);

function read(pool: string): Partial<Place & Best> {
  try {
    return (JSON.parse(keptOf(pool).read() ?? "null") as Partial<Place & Best> | null) ?? {};
  } catch {
    return {};
  }
}

/** The last block that this device has seen final, or that the invitation named. */
function namedIn(pool: string, { height, hash }: Partial<Place>): Place | null {
  const named = playerOf(pool)?.named ?? null;
  return height !== undefined && hash !== undefined && height > (named?.height ?? 0) ? { height, hash } : named;
}

/** The block that the book must hold, and the end of the book that it must be no worse than. */
export function seenOf(pool: string): { named: Place | null; best: Best | null } {
  const { work, tip, ...place } = read(pool);
  return { named: namedIn(pool, place), best: work !== undefined && tip !== undefined ? { work, tip } : null };
}

/** Keeps what was just read to its end. */
export function keepSeen(pool: string, { final, final_hash, work, tip }: Checked): void {
  keptOf(pool).write(JSON.stringify({ height: final, hash: final_hash, work, tip }));
}
