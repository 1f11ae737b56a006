// A player who goes from one address of a pool's page to another, in the part of a link that browsers send to nobody.

import { address, inHost } from "../device/address";
import { kept, nameHere } from "../device/kept";
import { bare, isNear } from "../node/reach";
import { count, maybe, object, text, whether } from "../node/shape";
import { pathOf } from "../route";
import type { Player } from "./player";

/** What a device keeps of a player, and of which pool. */
export interface Moving {
  pool: string;
  player: Player;
  /** The address that was left, which forgets the player once it gets the word back. */
  back?: Back | undefined;
}

interface Back {
  origin: string;
  word: string;
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
  back: maybe(object({ origin: text, word: text })),
});

/** A word that nobody guesses. */
export const drawn = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Where a player arrives at another address. */
export const arrivalAt = (origin: string, { pool, player, back }: Moving): string =>
  `${origin}${PLACE}#${encodeURIComponent(JSON.stringify({ pool, player, back } satisfies Moving))}`;

/** Who comes with the text behind `#`; `undefined` where nobody can be read. */
export function readMoving(fragment: string): Moving | undefined {
  try {
    const moving: unknown = JSON.parse(decodeURIComponent(fragment));
    if (!isMoving(moving)) return undefined;
    const { pool, player, back } = moving as Moving;
    const { account, name, keys, locked, written, named } = player;
    return {
      pool,
      player: { account, name, keys, locked, written, named },
      ...(back != null && { back: { origin: back.origin, word: back.word } }),
    };
  } catch {
    return undefined;
  }
}

let arrived = "";

/** Takes what came with the address out of it, before anything else sees it. */
export function beginToArrive(): void {
  if (pathOf(location) !== PLACE) return;
  arrived = location.hash.slice(1);
  history.replaceState(history.state, "", inHost(PLACE));
}

/** What came with the address: `""` where nothing did. */
export const arrivedWith = (): string => arrived;

/** Where the other address sends the browser once it has the player. */
const BACK = "/left";

/** Who is on the way to another address, kept until that one has the player. */
const leaving = kept(nameHere("bolao.leaving"));

interface Leaving {
  pool: string;
  account: string;
  to: string;
  word: string;
}

/** Where a browser goes with a player who leaves this address for another. */
export function leaveFor(to: string, { pool, player }: Moving): string {
  const word = drawn();
  leaving.write(JSON.stringify({ pool, account: player.account, to, word } satisfies Leaving));
  return arrivalAt(to, { pool, player, back: { origin: address, word } });
}

/** Whether an address forgets who has left it: one of the network around it, where another computer may have it in the next Wi-Fi. */
export const forgets = (origin: string): boolean => origin.startsWith("http:") && isNear(origin);

/** Where the browser goes so that the address that was left forgets the player, whom this one has. */
export function backTo(back: Back | undefined): string | undefined {
  if (back === undefined || !URL.canParse(back.origin)) return undefined;
  const there = bare(back.origin);
  return forgets(there) && there !== address ? `${there}${BACK}#${back.word}` : undefined;
}

/** Who has arrived at another address and is to be forgotten here, and that address; `undefined` where nobody is. */
export function hasLeft(): Omit<Leaving, "word"> | undefined {
  if (pathOf(location) !== BACK) return undefined;
  try {
    const { pool, account, to, word } = JSON.parse(leaving.read() ?? "{}") as Partial<Leaving>;
    if (pool === undefined || account === undefined || to === undefined) return undefined;
    return word === location.hash.slice(1) ? { pool, account, to } : undefined;
  } catch {
    return undefined;
  }
}

/** The way back was gone: it leads nowhere again. */
export const wasLeft = (): void => void leaving.write(null);
