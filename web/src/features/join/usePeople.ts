import { useMemo } from "react";

import { useJoinedPools } from "../../keys/joined";
import { type Player, playersElsewhere } from "../../keys/player";

/**
 * Who plays on this device in other pools of this host and has a name: each once, whatever their pools. Nobody where this pool stands in
 * the place of one that is played in here: it is not joined without a thought.
 */
export function usePeople(own: string): readonly Player[] {
  const pools = useJoinedPools(own);
  return useMemo(() => {
    const people = new Map<string, Player>();
    if (playersElsewhere(own).length > 0) return [];
    for (const { pool, player } of pools)
      if (pool !== own && player.name !== "" && !people.has(player.account)) people.set(player.account, player);
    return [...people.values()];
  }, [pools, own]);
}
