import { useSyncExternalStore } from "react";

/** As wide as a desk, on which the rail stands beside the places; style sheets say the same of 960 px. */
const desk = (): MediaQueryList | undefined =>
  typeof matchMedia === "function" ? matchMedia("(min-width: 960px)") : undefined;

function watch(watcher: () => void): () => void {
  const list = desk();
  list?.addEventListener("change", watcher);
  return () => list?.removeEventListener("change", watcher);
}

export const useWide = (): boolean => useSyncExternalStore(watch, () => desk()?.matches === true);
