import { useSyncExternalStore } from "react";

function watch(watcher: () => void): () => void {
  document.addEventListener("visibilitychange", watcher);
  return () => document.removeEventListener("visibilitychange", watcher);
}

/** Whether somebody can see the page. */
export const useVisible = (): boolean => useSyncExternalStore(watch, () => document.visibilityState === "visible");
