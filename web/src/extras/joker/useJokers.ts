import { useMemo } from "react";

import { useMatches } from "../../node/queries";
import { usePlayerFeature } from "../playerFeature";
import { type JokerRule, jokersOf, movesIn } from "./jokers";
import { useMoving } from "./move";

const NONE: never[] = [];

/** This device's player's jokers as they are to be, and what of that is on its way; `undefined` where the pool has none. */
export function useJokers(pool: string) {
  const feature = usePlayerFeature(pool, "jokers");
  const moving = useMoving(pool);
  const { data: matches = NONE } = useMatches();
  const { rule, own, pending = NONE } = feature ?? {};
  // Each row of a long list has this: it is made anew only where something of it has changed.
  return useMemo(() => {
    if (own === undefined) return undefined;
    const waits = movesIn(pending);
    return {
      jokers: jokersOf(rule as JokerRule, own.on, [...waits, ...moving], matches),
      /** As they are in the book. */
      booked: own.on,
      waits,
      moving,
    };
  }, [rule, own, pending, moving, matches]);
}
