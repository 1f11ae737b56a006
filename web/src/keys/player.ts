// Who plays on this device, pool by pool. The keys are kept as the rules wrote them; nothing here can read them.

import { useSyncExternalStore } from "react";

import { kept } from "../device/kept";
import { forgetDelivered } from "./delivered";
import { adopt } from "./earlier";
import { forgetPlace, stoodHere } from "./pools";
import { forgetSent } from "./sent";

export interface Player {
  account: string;
  /** As it was typed when joining; the pool's own spelling counts. */
  name: string;
  /** The keys, as `Rules.keepKeys` wrote them. */
  keys: string;
  /** Whether a passphrase protects them. */
  locked: boolean;
  /** Whether the words were written down and typed back. */
  written: boolean;
  /** A final block that the invitation named: the pool's history must hold it. */
  named: { height: number; hash: string } | null;
  /** When it last asked to be let in from this device, in unix seconds; absent where it did not. */
  asked_s?: number;
}

const nameOf = (pool: string): string => `bolao.player.${pool}`;

const read = new Map<string, Player | undefined>();
const watchers = new Set<() => void>();
let forgetful = false;

function parse(text: string | null): Player | undefined {
  if (text === null) return undefined;
  try {
    const player = JSON.parse(text) as Partial<Player> | null;
    if (typeof player?.account !== "string" || typeof player.keys !== "string") return undefined;
    return {
      account: player.account,
      keys: player.keys,
      name: player.name ?? "",
      locked: player.locked === true,
      written: player.written === true,
      named: player.named ?? null,
      ...(typeof player.asked_s === "number" && { asked_s: player.asked_s }),
    };
  } catch {
    return undefined;
  }
}

/** Who plays in a pool on this device. */
export function playerOf(pool: string): Player | undefined {
  if (!read.has(pool)) {
    const player = parse(kept(nameOf(pool)).read());
    if (player !== undefined) adopt({ pool, account: player.account });
    read.set(pool, player);
  }
  return read.get(pool);
}

/** Every pool in which somebody plays on this device. */
export function poolsPlayed(): string[] {
  try {
    const names = Object.keys(localStorage).filter((name) => name.startsWith(nameOf("")));
    return names.map((name) => name.slice(nameOf("").length)).filter((pool) => playerOf(pool) !== undefined);
  } catch {
    return [];
  }
}

/** Who plays in other pools whose page was where this one is: whoever has the address could have put another pool in a pool's place. */
export const playersElsewhere = (pool: string): Player[] =>
  poolsPlayed().flatMap((other) => (other === pool || !stoodHere(other) ? [] : (playerOf(other) ?? [])));

/** Keeps a player, or forgets it. Says whether it outlives this visit. */
export function keepPlayer(pool: string, player: Player | undefined): boolean {
  const before = playerOf(pool)?.account;
  if (before !== undefined && before !== player?.account) {
    forgetSent({ pool, account: before });
    forgetDelivered({ pool, account: before });
  }
  // What was kept of an account before is the other pools'.
  if (before === undefined) poolsPlayed();
  if (player === undefined) forgetPlace(pool);
  const lasting = kept(nameOf(pool)).write(player === undefined ? null : JSON.stringify(player));
  read.set(pool, player);
  forgetful = !lasting;
  // Chromium and Safari decide without a question to the player.
  if ("storage" in navigator && player !== undefined && before !== player.account)
    void navigator.storage.persist().catch(() => false);
  for (const watcher of watchers) watcher();
  return lasting;
}

/** Keeps a player with what is the person's own in each pool of this host: the key, as it is locked, and whether its words were written down. */
export function keepPerson(pool: string, player: Player): void {
  const { account, keys, locked, written } = player;
  for (const other of poolsPlayed()) {
    const there = playerOf(other);
    if (other !== pool && there?.account === account) keepPlayer(other, { ...there, keys, locked, written });
  }
  keepPlayer(pool, player);
}

/** Calls whenever somebody comes or goes, here or in another tab. */
export function watchPlayers(watcher: () => void): () => void {
  watchers.add(watcher);
  const elsewhere = (event: StorageEvent): void => {
    if (event.key?.startsWith(nameOf("")) !== true) return;
    read.clear();
    watcher();
  };
  addEventListener("storage", elsewhere);
  return () => {
    watchers.delete(watcher);
    removeEventListener("storage", elsewhere);
  };
}

/** Who plays in a pool on this device, as a component sees it. */
export const usePlayerHere = (pool: string): Player | undefined =>
  useSyncExternalStore(watchPlayers, () => playerOf(pool));

/** Whether this browser forgets keys when the page is left. */
export const useForgetful = (): boolean => useSyncExternalStore(watchPlayers, () => forgetful);

/**
 * Whether a browser throws away what a page keeps once nobody has touched the page for seven days of the browser's use: those built
 * on WebKit, which are Safari and every browser of an iPhone. <https://webkit.org/blog/10218/>
 */
export const forgetsUnseen = (agent: string): boolean =>
  agent.includes("AppleWebKit/") && !/Chrom(?:e|ium)\/|Android/.test(agent);
