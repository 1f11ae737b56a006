// A player who goes from one address of a pool's page to another, in the part of a link that browsers send to nobody.

import { count, maybe, object, text, whether } from "../node/shape";
import type { Player } from "./player";

/** What a device keeps of a player, and of which pool. */
export interface Moving {
  pool: string;
  player: Player;
}

/** Where players arrive. */
export const PLACE = "/move";

const isMoving = object({
  pool: text,
  player: object({
    account: text,
    name: text,
    keys: text,
    locked: whether,
    written: whether,
    named: maybe(object({ height: count, hash: text })),
  }),
});

/** Where a player arrives at another address. */
export const arrivalAt = (origin: string, { pool, player }: Moving): string =>
  `${origin}${PLACE}#${encodeURIComponent(JSON.stringify({ pool, player } satisfies Moving))}`;

/** Who comes with the text behind `#`; `undefined` where nobody can be read. */
export function readMoving(fragment: string): Moving | undefined {
  try {
    const moving: unknown = JSON.parse(decodeURIComponent(fragment));
    if (!isMoving(moving)) return undefined;
    const { pool, player } = moving as Moving;
    const { account, name, keys, locked, written, named } = player;
    return { pool, player: { account, name, keys, locked, written, named } };
  } catch {
    return undefined;
  }
}

let arrived = "";

/** Takes what came with the address out of it, before anything else sees it. */
export function beginToArrive(): void {
  if (location.pathname !== PLACE) return;
  arrived = location.hash.slice(1);
  history.replaceState(history.state, "", PLACE);
}

/** What came with the address: `""` where nothing did. */
export const arrivedWith = (): string => arrived;

/** The page's address on the web, where that is another than this one, and opens. */
export function elsewhere(
  link: { url: string; trouble?: string | null } | undefined,
  here: string,
): string | undefined {
  if (link === undefined || link.trouble != null || !link.url.startsWith("https://")) return undefined;
  try {
    const { origin } = new URL(link.url);
    return origin === here ? undefined : origin;
  } catch {
    return undefined;
  }
}
