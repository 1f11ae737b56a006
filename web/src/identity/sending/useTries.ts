import { useEffect, useEffectEvent } from "react";

/** How soon it is tried again, and how late at most. */
const AGAIN_MS = 5_000;
const LATEST_MS = 60_000;

/**
 * Tries at once, and again as long as there is something to try: later and later where it failed before. Another `attempt` begins anew,
 * so it changes only with what it is about.
 */
export function useTries(attempt: (() => void) | undefined, failed: () => boolean = () => true): void {
  const hasFailed = useEffectEvent(failed);
  useEffect(() => {
    if (attempt === undefined) return;
    let wait_ms = AGAIN_MS;
    let timer: ReturnType<typeof setTimeout>;
    const next = (): void => {
      attempt();
      timer = setTimeout(again, wait_ms);
    };
    const again = (): void => {
      wait_ms = hasFailed() ? Math.min(2 * wait_ms, LATEST_MS) : AGAIN_MS;
      next();
    };
    next();
    return () => clearTimeout(timer);
  }, [attempt]);
}
