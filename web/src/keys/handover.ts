// A player who goes to another device. The keys are encrypted here, the node holds them for five minutes and gives them once, and the
// secret that opens them is in the part of a link that browsers send to nobody: the other device reads it as a QR code. What comes
// with the keys is a part of their passphrase: if the node changes a letter of it, they do not open.

import { node } from "../node/client";
import { object, text } from "../node/shape";
import { load } from "../rules";
import { drawn, PLACE, readMoving, type Moving } from "./moving";
import type { Player } from "./player";
import { holds, signer } from "./signer";

/** How long a node holds a player, in seconds. */
export const HELD_S = 300;

/** The player without keys, and the keys. */
const isSealed = object({ about: text, keys: text });

const passphrase = (secret: string, about: string): string => `${secret} ${about}`;

/** Leaves a player with the node, and gives the id and the link by which another device takes it. Asks for the passphrase of locked keys. */
export async function leaveWithNode(
  origin: string,
  pool: string,
  player: Player,
): Promise<{ id: string; link: string }> {
  const [id, secret] = [drawn(), drawn()];
  const moving: Moving = { pool, player: { ...player, keys: "", locked: true } };
  const about = JSON.stringify(moving);
  const keys = await (await signer(pool)).keepKeys(passphrase(secret, about));
  const { error } = await node.POST("/api/v1/handovers", { body: { id, sealed: JSON.stringify({ about, keys }) } });
  if (error !== undefined) throw error;
  return { id, link: `${origin}${PLACE}#${id}.${secret}` };
}

const take = (id: string) => node.DELETE("/api/v1/handovers/{id}", { params: { path: { id } } });

/** Ends a code that is no longer shown: one that somebody took a picture of opens nothing. */
export async function takeBack(id: string): Promise<void> {
  await take(id);
}

const LEFT = /^([0-9a-f]{32})\.([0-9a-f]{32})$/;

/** Whether what came with the address stands for a player whom another device left with the node. */
export const isLeft = (fragment: string): boolean => LEFT.test(fragment);

function readSealed(sealed: string): { about: string; keys: string } | undefined {
  try {
    const read: unknown = JSON.parse(sealed);
    return isSealed(read) ? (read as { about: string; keys: string }) : undefined;
  } catch {
    return undefined;
  }
}

/** Takes that player, once; its keys as this device keeps them, without a passphrase. `undefined`: it cannot be read. */
export async function takeOver(fragment: string): Promise<Moving | undefined> {
  const [, id = "", secret = ""] = LEFT.exec(fragment) ?? [];
  const { data, error } = await take(id);
  if (data === undefined) throw error;
  const sealed = readSealed(data.sealed);
  if (sealed === undefined) return undefined;
  const moving = readMoving(encodeURIComponent(sealed.about));
  if (moving === undefined) return undefined;
  const rules = await load();
  // Whoever plays here keeps the own keys until somebody says otherwise.
  holds(undefined);
  await rules.openKeys(sealed.keys, passphrase(secret, sealed.about));
  const keys = await rules.keepKeys("");
  // Also after keys that something else opened meanwhile.
  holds(undefined);
  return { ...moving, player: { ...moving.player, keys, locked: false } };
}
