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

/**
 * The blocks that the book must hold: the one that the invitation names, and the last that this device has seen final; and the end of
 * the book that it must be no worse than.
 */
export function seenOf(pool: string): { named: Place[]; best: Best | null } {
  const { height, hash, work, tip } = read(pool);
  const invited = playerOf(pool)?.named ?? null;
  const named = invited === null ? [] : [invited];
  if (height !== undefined && hash !== undefined) named.push({ height, hash });
  return { named, best: work !== undefined && tip !== undefined ? { work, tip } : null };
}

/** Keeps what was just read to its end. */
export function keepSeen(pool: string, { final, final_hash, work, tip }: Checked): void {
  keptOf(pool).write(JSON.stringify({ height: final, hash: final_hash, work, tip }));
}
