// The rules with a pool opened and, where something is to be signed, with the player's keys in hand.

import { queries, type Shapes } from "../node/client";
import { genesisBytesOptions } from "../node/genesis";
import { load, type Fixture, type Pool, type Rules } from "../rules";
import { store } from "../device/store";
import { playerOf, type Player } from "./player";
import { Refused } from "../node/refused";

interface Opened {
  rules: Rules;
  pool: Pool;
  /** Its rules in sentences. */
  said: Shapes["SaidBody"][];
  /** The matches that it began with. */
  first: Fixture[];
}

/** Somebody wants the keys and they are locked: `unlock` takes the passphrase, `leave` gives up. */
export interface Asked {
  unlock: (passphrase: string) => Promise<void>;
  leave: () => void;
  /** The other pool whose keys they are. */
  of?: string | undefined;
}

/** What `Unlock` shows. */
export const asked = store<Asked | undefined>(undefined);

/** The player left without giving the passphrase. */
export class StaysLocked extends Error {}

function askPassphrase(rules: Rules, keys: string, of?: string): Promise<{ account: string }> {
  return new Promise((resolve, reject) => {
    asked.set({
      unlock: async (passphrase) => {
        const account = await rules.openKeys(keys, passphrase);
        asked.set(undefined);
        resolve(account);
      },
      leave: () => {
        asked.set(undefined);
        reject(new StaysLocked("the keys stay locked"));
      },
      of,
    });
  });
}

/** Takes a player's keys in hand. Asks for the passphrase if `ask`; else throws `StaysLocked`. `of`: the pool, where it is another one. */
export async function takeKeys(
  rules: Rules,
  { keys, locked }: Player,
  ask: boolean,
  of?: string,
): Promise<{ account: string }> {
  if (!locked) return rules.openKeys(keys, "");
  if (!ask) throw new StaysLocked("the keys are locked");
  return askPassphrase(rules, keys, of);
}

/** What signs: rules, and whence they have their pool and their keys. */
interface Source {
  load: () => Promise<Rules>;
  /** The bytes of a genesis, whoever gives them. */
  genesis: () => Promise<string>;
  take: (rules: Rules, player: Player, ask: boolean) => Promise<{ account: string }>;
}

export interface Signing {
  openedPool: (id: string) => Promise<Opened>;
  /** The rules with this device's player's keys in hand. Asks for the passphrase if `ask`; else throws `StaysLocked`. */
  signer: (pool: string, ask?: boolean) => Promise<Rules>;
  /** Says that the worker holds an account's keys already: they were just made or restored. */
  holds: (account: string | undefined) => void;
}

/** What signs for one pool. */
export function signing({ load, genesis: give, take }: Source): Signing {
  const opened = new Map<string, Promise<Opened>>();
  let own: { id: string; genesis: string } | undefined;
  let held: string | undefined;
  let opening: Promise<Rules> | undefined;

  const refuseOther = (id: string): void => {
    if (own !== undefined && own.id !== id)
      throw new Refused("other-pool", "this computer gives another pool than when this page was loaded: load it again");
  };

  async function openedPool(id: string): Promise<Opened> {
    refuseOther(id);
    const known = opened.get(id);
    if (known !== undefined) return known;
    const fresh = (async () => {
      const [rules, genesis] = await Promise.all([load(), give()]);
      refuseOther(id);
      const pool = await rules.openPool(genesis, id);
      // Two were opened at once: the first stays.
      if (own !== undefined && own.id !== id) await rules.openPool(own.genesis, own.id);
      refuseOther(id);
      own = { id, genesis };
      return { rules, pool, said: await rules.said(), first: pool.matches };
    })();
    opened.set(id, fresh);
    fresh.catch(() => opened.delete(id));
    return fresh;
  }

  async function inHand(pool: string, ask: boolean): Promise<Rules> {
    const player = playerOf(pool);
    if (player === undefined) throw new Error("nobody plays here");
    const { rules } = await openedPool(pool);
    if (held === player.account) return rules;
    const { account } = await take(rules, player, ask);
    if (account !== player.account) throw new Error("the kept keys are another account's");
    held = account;
    return rules;
  }

  return {
    openedPool,
    async signer(pool, ask = true) {
      if (!ask) return inHand(pool, false);
      opening ??= inHand(pool, true).finally(() => {
        opening = undefined;
      });
      return opening;
    },
    holds(account) {
      held = account;
    },
  };
}

const page = signing({
  load: () => load(),
  genesis: () => queries.query(genesisBytesOptions()),
  take: takeKeys,
});

/**
 * The rules with a pool opened: its genesis must be the one that the id names, whatever the node says. A page that was loaded has one
 * pool: what is signed for one must not be good for another that was opened meanwhile.
 */
export const { openedPool } = page;

/** The rules with this device's player's keys in hand. Asks for the passphrase if `ask`; else throws `StaysLocked`. */
export const { signer } = page;

/** Says that the worker holds an account's keys already: they were just made or restored. */
export const { holds } = page;
