import { useSyncExternalStore } from "react";

import { kept } from "./kept";

export const THEMES = ["system", "light", "dark"] as const;

type Theme = (typeof THEMES)[number];

const chosen = kept("bolao.theme");
const watchers = new Set<() => void>();

const theme = (): Theme => THEMES.find((it) => it === chosen.read()) ?? "system";

function show(): void {
  if (theme() === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme();
}

/** Shows the chosen theme; before the first paint. */
export const beginTheme = show;

export function chooseTheme(next: Theme): void {
  chosen.write(next === "system" ? null : next);
  show();
  for (const watcher of watchers) watcher();
}

export const useTheme = (): Theme =>
  useSyncExternalStore((watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  }, theme);
