// The moments of matches that somebody at this device has watched: each is played once.

import { kept } from "./kept";
import { store, useStore } from "./store";

/** The kick-off, when everybody's tips are revealed, and the end, when the result is counted. */
export type Moment = "kickoff" | "fulltime";

const KEPT = kept("bolao.seen");
/** More than two tournaments have. */
const MOST = 400;

function read(): readonly string[] {
  try {
    const names: unknown = JSON.parse(KEPT.read() ?? "[]");
    return Array.isArray(names) ? names.filter((name) => typeof name === "string") : [];
  } catch {
    return [];
  }
}

const seen = store(read());

addEventListener("storage", ({ key }) => {
  if (key === null || key === "bolao.seen") seen.set(read());
});

const nameOf = (code: string, moment: Moment): string => `${moment} ${code}`;

/** Whether a moment of a match was watched here. */
export const hasSeen = (code: string, moment: Moment): boolean => seen.get().includes(nameOf(code, moment));

/** Remembers that a moment of a match was watched here. */
export function sawMoment(code: string, moment: Moment): void {
  if (hasSeen(code, moment)) return;
  seen.set([...read(), nameOf(code, moment)].slice(-MOST));
  KEPT.write(JSON.stringify(seen.get()));
}

/** `hasSeen`, followed. */
export function useHasSeen(): typeof hasSeen {
  useStore(seen);
  return hasSeen;
}
