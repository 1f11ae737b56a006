import { useSyncExternalStore } from "react";

/** A value outside of components that they follow. */
interface Store<Value> {
  get: () => Value;
  set: (next: Value) => void;
  watch: (watcher: () => void) => () => void;
}

export function store<Value>(first: Value): Store<Value> {
  let value = first;
  const watchers = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      value = next;
      for (const watcher of watchers) watcher();
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}

export const useStore = <Value>(it: Store<Value>): Value => useSyncExternalStore(it.watch, it.get);
