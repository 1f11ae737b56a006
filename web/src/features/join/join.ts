import { holds, openedPool } from "../../identity/hand";
import { keepPlayer, playerOf } from "../../identity/player";
import { signAndSend } from "../../identity/send";
import type { Invitation } from "../../rules";

/** What stands after `#` in the link. A stray `%` stays as it is: what it belongs to is then no invitation. */
export function fragment(): string {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
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
