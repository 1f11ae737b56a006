// The pools that this device has joined on this host.

import { useSyncExternalStore } from "react";

import { playerOf, type Player, poolsPlayed, watchPlayers } from "./player";
import { HERE, liesOf, rememberHere, saysWhere } from "./pools";

export interface Joined {
  pool: string;
  name: string;
  /** Where its page lies on this host, such as `/p/office/`. */
  path: string;
  player: Player;
}

/** All of them whose pages are known, as far as this page, `own`, has not come in the place of theirs. */
export function joinedPools(own: string): Joined[] {
  const all = poolsPlayed().flatMap((pool): Joined[] => {
    const [lies, player] = [liesOf(pool), playerOf(pool)];
    if (lies === undefined || lies.path === null || player === undefined) return [];
    return pool !== own && lies.path === HERE ? [] : [{ pool, name: lies.name, path: lies.path, player }];
  });
  return all.sort((one, other) => one.name.localeCompare(other.name) || (one.pool < other.pool ? -1 : 1));
}

/** The same without this page's. */
export const otherPools = (own: string): Joined[] => joinedPools(own).filter(({ pool }) => pool !== own);

const watchers = new Set<() => void>();

/** Remembers where this page's pool lies, once somebody plays in it here. */
export function rememberPool(pool: string, name: string): void {
  rememberHere(
    pool,
    name,
    poolsPlayed().filter((other) => other !== pool),
  );
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  const moved = ({ key }: StorageEvent): void => {
    if (key === null || saysWhere(key)) watcher();
  };
  watchers.add(watcher);
  addEventListener("storage", moved);
  const unwatch = watchPlayers(watcher);
  return () => {
    watchers.delete(watcher);
    removeEventListener("storage", moved);
    unwatch();
  };
}

const shown = new Map<string, { text: string; pools: readonly Joined[] }>();

/** The same list for as long as it says the same. */
function stable(own: string): readonly Joined[] {
  const pools = joinedPools(own);
  const text = JSON.stringify(pools);
  const before = shown.get(own);
  if (before?.text === text) return before.pools;
  shown.set(own, { text, pools });
  return pools;
}

/** `joinedPools`, as a component sees them. */
export const useJoinedPools = (own: string): readonly Joined[] => useSyncExternalStore(watch, () => stable(own));
