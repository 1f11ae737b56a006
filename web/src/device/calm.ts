import { useSyncExternalStore } from "react";

const asked = (): MediaQueryList | undefined =>
  typeof matchMedia === "function" ? matchMedia("(prefers-reduced-motion: reduce)") : undefined;

function watch(watcher: () => void): () => void {
  const query = asked();
  query?.addEventListener("change", watcher);
  return () => query?.removeEventListener("change", watcher);
}

/** Whether the reader prefers that nothing moves. */
export const useCalm = (): boolean => useSyncExternalStore(watch, () => asked()?.matches === true);
