import { useSyncExternalStore } from "react";

import { queries } from "./client";
import { pathOf } from "./events";

const cache = queries.getQueryCache();

function oldest(): number | undefined {
  const shown = cache.findAll({ type: "active", predicate: ({ queryKey }) => pathOf(queryKey) !== "" });
  const at_ms = shown.filter(({ state }) => state.data !== undefined).map(({ state }) => state.dataUpdatedAt);
  return at_ms.length === 0 ? undefined : Math.floor(Math.min(...at_ms) / 1000);
}

/** When the oldest answer that is shown was right, in unix seconds. */
export const useOldest = (): number | undefined => useSyncExternalStore((watcher) => cache.subscribe(watcher), oldest);
