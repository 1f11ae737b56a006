// The invitation that a friend came with, kept on this device until the pool has let its player in: the link's short text says it only
// with the node's help, and whoever looks around first, or whose joining was lost, comes back without the link.

import type { Invitation } from "../rules";
import { kept } from "../device/kept";

interface Brought {
  /** What stood after `#` in the link. */
  link: string;
  /** All of the invitation. */
  text: string;
}

const storeOf = (pool: string) => kept(`bolao.invitation.${pool}`);

function broughtTo(pool: string): Brought | undefined {
  try {
    const { link, text } = JSON.parse(storeOf(pool).read() ?? "{}") as Partial<Brought>;
    return typeof link === "string" && typeof text === "string" ? { link, text } : undefined;
  } catch {
    return undefined;
  }
}

/** What is to be read: the link's own text; where it was read before, or there is none, the invitation that was kept. */
export function toRead(pool: string, link: string): string {
  const brought = broughtTo(pool);
  return brought !== undefined && (link === "" || link === brought.link) ? brought.text : link;
}

/** Keeps a link that nobody has read yet. */
export function keepLink(pool: string, link: string): void {
  if (link !== "" && broughtTo(pool) === undefined)
    storeOf(pool).write(JSON.stringify({ link, text: link } satisfies Brought));
}

/** Keeps an invitation to this pool. */
export function keepInvitation(pool: string, link: string, { pool: to, ticket, text }: Invitation): void {
  if (to !== pool || ticket === null || link === "") return;
  storeOf(pool).write(JSON.stringify({ link, text } satisfies Brought));
}

export const forgetInvitation = (pool: string): void => void storeOf(pool).write(null);
