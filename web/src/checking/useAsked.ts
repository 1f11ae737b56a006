import { useEffect, useRef } from "react";

import { ask } from "./check";
import type { Answers } from "./compare";

/**
 * Has what a screen shows compared with what this browser computed, while it shows it. `read` gives the node's answers, asked
 * again if `fresh` (`known` does so for a query). Without an `id`, nothing.
 */
export function useAsked(id: string | undefined, read: (fresh: boolean) => Promise<Answers>): void {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    if (id === undefined) return undefined;
    return ask({ id, read: (fresh) => latest.current(fresh) });
  }, [id]);
}
