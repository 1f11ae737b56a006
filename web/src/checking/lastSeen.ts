// What this device has seen of the book, kept: one that comes later must not fall behind it.

import { playerOf } from "../keys/player";
import type { Before, Best, Checked, Place } from "../rules";
import { kept } from "../device/kept";

const keptOf = (pool: string) => kept(`bolao.final.${pool}`);

function read(pool: string): Partial<Place & Best> {
  try {
    return (JSON.parse(keptOf(pool).read() ?? "null") as Partial<Place & Best> | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * What the book must hold: the block that the invitation names, and the last that this device has seen final; and the end of the book
 * that it must be no worse than. `afresh`: what was checked before is checked again.
 */
export function seenOf(pool: string, afresh = false): Before {
  const { height, hash, work, tip } = read(pool);
  const invited = playerOf(pool)?.named ?? null;
  const named = invited === null ? [] : [invited];
  const seen = height !== undefined && hash !== undefined ? { height, hash } : null;
  const best = work !== undefined && tip !== undefined ? { work, tip } : null;
  return afresh && seen !== null ? { named: [...named, seen], seen: null, best } : { named, seen, best };
}

/** Keeps what was just read to its end. */
export function keepSeen(pool: string, { final, final_hash, work, tip }: Checked): void {
  keptOf(pool).write(JSON.stringify({ height: final, hash: final_hash, work, tip }));
}
