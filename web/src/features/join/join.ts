import { signer, holds, openedPool } from "../../keys/signer";
import { keepPlayer, playerOf, type Player } from "../../keys/player";
import { Refused } from "../../node/refused";
import { signAndSend } from "../../identity/sending/send";
import { isOpen } from "../../identity/sending/sendTips";
import { nodeTime } from "../../node/clock";
import { node, type Shapes } from "../../node/client";
import type { Invitation } from "../../rules";
import { seconds } from "../../words/time";

/** What stands after `#` in the link. A stray `%` stays as it is: what it belongs to is then no invitation. */
export function fragment(): string {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The match that begins next, of those that still take tips; else what there is instead. */
export function comingOf<Match extends Shapes["MatchBody"]>(
  matches: readonly Match[],
  now_s: number,
): Match | "none-yet" | "no-date" | "under-way" | "over" {
  const open = matches.filter((match) => isOpen(match, now_s));
  const [next] = open
    .filter(({ kickoff }) => kickoff != null)
    .sort((one, other) => seconds(one.kickoff ?? "") - seconds(other.kickoff ?? ""));
  if (next !== undefined) return next;
  if (matches.length === 0) return "none-yet";
  if (open.length > 0 || matches.some(({ postponed }) => postponed)) return "no-date";
  return matches.every(({ record }) => record != null) ? "over" : "under-way";
}

/** Why nobody can come by a ticket any more, as the rules call it. */
export function endedTicket(
  ticket: NonNullable<Invitation["ticket"]>,
  players: Pick<Shapes["PlayerBody"], "invitation">[],
  now_s: number,
): "ticket-expired" | "ticket-used-up" | undefined {
  if (ticket.expires <= now_s) return "ticket-expired";
  const came = players.filter(
    ({ invitation: by }) =>
      by?.organiser.account === ticket.organiser &&
      by.ticket.uses === ticket.uses &&
      seconds(by.ticket.expires) === ticket.expires,
  );
  return came.length >= ticket.uses ? "ticket-used-up" : undefined;
}

type Keys = Pick<Player, "account" | "keys">;

const drawn = new Map<string, Promise<Keys>>();

/** Keys for a newcomer, made once in a visit: their colour is seen before anybody joins with them. Nothing keeps them until then. */
export function drawKeys(pool: string): Promise<Keys> {
  const known = drawn.get(pool);
  if (known !== undefined) return known;
  const fresh = (async () => {
    const { rules } = await openedPool(pool);
    const { account } = await rules.newKeys();
    holds(account);
    return { account, keys: await rules.keepKeys("") };
  })();
  drawn.set(pool, fresh);
  fresh.catch(() => drawn.delete(pool));
  return fresh;
}

/** The name under which an account is in already. */
async function nameOf(account: string): Promise<string | undefined> {
  const { data } = await node.GET("/api/v1/players/{player}", { params: { path: { player: account } } });
  return data?.name;
}

/** What a player of another pool brings: the same key, as it is kept there. What is signed names its pool. */
const broughtBy = ({ account, keys, locked, written }: Player) => ({ account, keys, locked, written });

/**
 * Makes keys on this device, keeps them, and asks the pool to let them in under a name. `as`: with the keys of somebody who plays here in
 * another pool of this host instead.
 */
export async function join(pool: string, name: string, invitation: Invitation | undefined, as?: Player): Promise<void> {
  const { rules } = await openedPool(pool);
  await rules.checkName(name);
  // Keys of a try of which nothing was heard may be in already: they are kept, whatever comes of this one.
  const known = playerOf(pool);
  const named = invitation?.named ?? null;
  const keys = as && broughtBy(as);
  const player = known ?? { ...(keys ?? { ...(await drawKeys(pool)), locked: false, written: false }), name, named };
  if (known === undefined) keepPlayer(pool, player);
  try {
    await signer(pool);
  } catch (error) {
    // The passphrase was not given: nobody plays here yet.
    if (known === undefined && as !== undefined) keepPlayer(pool, undefined);
    throw error;
  }
  const act = { type: "join", name, ...(invitation !== undefined && { invitation: invitation.text }) } as const;
  try {
    await signAndSend(rules, { pool, account: player.account }, { acts: [act] });
    keepPlayer(pool, { ...player, name, asked_s: Math.floor(nodeTime() / 1000) });
    drawn.delete(pool);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (error.code === "already-joined") {
      keepPlayer(pool, { ...player, name: (await nameOf(player.account).catch(() => undefined)) ?? player.name });
      return;
    }
    // The pool does not want this player: nobody plays here yet.
    if (known === undefined && !error.passing) keepPlayer(pool, undefined);
    throw error;
  }
}
