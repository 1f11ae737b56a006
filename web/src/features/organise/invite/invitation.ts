// Invitations made on this device, and who came by which.

import { node, type Shapes } from "../../../node/client";
import type { MadeInvitation } from "../../../rules";
import { kept } from "../../../device/kept";

/** A link made on this device. Its secret stays here, to be shown again. */
interface Made {
  fragment: string;
  uses: number;
  /** Unix seconds. */
  expires: number;
}

/** A ticket as far as it is known: made here, or somebody came by it. */
export interface Ticket {
  uses: number;
  expires: number;
  /** Who signed it. */
  organiser: Shapes["PlayerRef"] | undefined;
  /** Those who came by it. */
  came: Shapes["PlayerBody"][];
  fragment?: string;
}

const nameOf = (pool: string): string => `bolao.invitations.${pool}`;

function isMade(it: unknown): it is Made {
  const { fragment, uses, expires } = (it ?? {}) as Partial<Made>;
  return typeof fragment === "string" && typeof uses === "number" && typeof expires === "number";
}

export function madeHere(pool: string): Made[] {
  try {
    const read: unknown = JSON.parse(kept(nameOf(pool)).read() ?? "[]");
    return Array.isArray(read) ? read.filter(isMade) : [];
  } catch {
    return [];
  }
}

/** Keeps a link with the others that are still good. */
export function keepMade(pool: string, made: Made, now_s: number): void {
  const good = madeHere(pool).filter(({ expires }) => expires > now_s);
  kept(nameOf(pool)).write(JSON.stringify([made, ...good]));
}

const sameTicket = (expires: number, uses: number) => `${expires}/${uses}`;

/** Every ticket that is known, the newest first. */
export function tickets(made: readonly Made[], own: string, players: readonly Shapes["PlayerBody"][]): Ticket[] {
  const found = new Map<string, Ticket>();
  for (const player of players) {
    const { invitation } = player;
    if (invitation == null) continue;
    const { ticket, organiser } = invitation;
    const known = found.get(ticket.key);
    if (known !== undefined) known.came.push(player);
    else {
      const expires = Date.parse(ticket.expires) / 1000;
      found.set(ticket.key, { uses: ticket.uses, expires, organiser, came: [player] });
    }
  }
  const used = [...found.values()];
  const mine = new Map(
    used.filter(({ organiser }) => organiser?.account === own).map((it) => [sameTicket(it.expires, it.uses), it]),
  );
  const fresh: Ticket[] = [];
  for (const { fragment, uses, expires } of made) {
    const known = mine.get(sameTicket(expires, uses));
    if (known === undefined) fresh.push({ uses, expires, organiser: undefined, came: [], fragment });
    else known.fragment = fragment;
  }
  return [...fresh, ...used].sort((one, other) => other.expires - one.expires);
}

/** What a node answers that has looked at an invitation and does not want it: nobody would get in by its link. */
const REFUSED = [400, 403, 409];

/**
 * Leaves what was made with the node: what stands after `#` then. The long text is as good where the node is away, full or of an
 * old version.
 */
export async function left({ short, kept: invitation, whole }: MadeInvitation): Promise<string> {
  const answer = await node.POST("/api/v1/invitations", { body: { invitation } }).catch(() => undefined);
  if (answer?.error !== undefined && REFUSED.includes(answer.response.status)) throw answer.error;
  return answer?.data?.invitation === invitation ? short : whole;
}

/** The link that friends open. */
export const linkOf = (fragment: string, origin: string): string => `${origin}/join#${fragment}`;
