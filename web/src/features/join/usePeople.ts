import { useMemo } from "react";

import { useJoinedPools } from "../../keys/joined";
import type { Player } from "../../keys/player";

/** Who plays on this device in other pools of this host and has a name: each once, whatever their pools. */
export function usePeople(own: string): readonly Player[] {
  const pools = useJoinedPools(own);
  return useMemo(() => {
    const people = new Map<string, Player>();
    for (const { pool, player } of pools)
      if (pool !== own && player.name !== "" && !people.has(player.account)) people.set(player.account, player);
    return [...people.values()];
  }, [pools, own]);
}
