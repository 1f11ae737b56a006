import { useSyncExternalStore } from "react";

const asked = (): MediaQueryList => matchMedia("(prefers-reduced-motion: reduce)");

function watch(watcher: () => void): () => void {
  const query = asked();
  query.addEventListener("change", watcher);
  return () => query.removeEventListener("change", watcher);
}

/** Whether the reader prefers that nothing moves. */
export const useCalm = (): boolean => useSyncExternalStore(watch, () => asked().matches);
