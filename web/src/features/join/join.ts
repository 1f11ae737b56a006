import { holds, openedPool } from "../../identity/hand";
import { keepPlayer, playerOf } from "../../identity/player";
import { signAndSend } from "../../identity/send";
import type { Shapes } from "../../node/client";
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

/** Why nobody can come by a ticket any more, as the rules call it. */
export function endedTicket(
  ticket: NonNullable<Invitation["ticket"]>,
  players: Pick<Shapes["PlayerBody"], "invitation">[],
  now_s: number,
): "ticket-expired" | "ticket-used-up" | undefined {
  if (ticket.expires <= now_s) return "ticket-expired";
  const came = players.filter(
    ({ invitation: by }) =>
      by?.organiser.account === ticket.organiser && by.uses === ticket.uses && seconds(by.expires) === ticket.expires,
  );
  return came.length >= ticket.uses ? "ticket-used-up" : undefined;
}

/** Makes keys on this device, keeps them, and asks the pool to let them in under a name. */
export async function join(
  pool: string,
  name: string,
  link: string,
  invitation: Invitation | undefined,
): Promise<void> {
  const { rules } = await openedPool(pool);
  await rules.checkName(name);
  // Keys of a try that was refused (the name was taken) are good for the next one.
  let player = playerOf(pool);
  if (player === undefined) {
    const { account } = await rules.newKeys();
    holds(account);
    const keys = await rules.keepKeys("");
    player = { account, name, keys, locked: false, written: false, named: invitation?.named ?? null };
  } else {
    await rules.openKeys(player.keys, "");
    holds(player.account);
    player = { ...player, name };
  }
  const act = { type: "join", name, ...(link !== "" && { invitation: link }) } as const;
  keepPlayer(pool, player);
  try {
    await signAndSend(rules, player.account, act);
  } catch (error) {
    // Nobody answered: whether it arrived is not known, so that the keys stay. A refusal is certain.
    if (!(error instanceof TypeError)) keepPlayer(pool, undefined);
    throw error;
  }
}
