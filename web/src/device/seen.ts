// The moments of matches that somebody at this device has watched, or was asked to: each is played once, and offered once.

import { kept, nameHere } from "./kept";
import { store, useStore } from "./store";

/** The kick-off, when everybody's tips are revealed, and the end, when the result is counted. */
export type Moment = "kickoff" | "fulltime";

const NAME = nameHere("bolao.seen");
const KEPT = kept(NAME);
/** More than two tournaments have. */
const MOST = 800;

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
  if (key === null || key === NAME) seen.set(read());
});

const nameOf = (code: string, moment: Moment): string => `${moment} ${code}`;
const offerOf = (code: string, moment: Moment): string => `offered ${nameOf(code, moment)}`;

function remember(names: readonly string[]): void {
  const before = read();
  const fresh = names.filter((name) => !before.includes(name) && !seen.get().includes(name));
  if (fresh.length === 0) return;
  seen.set([...before, ...fresh].slice(-MOST));
  KEPT.write(JSON.stringify(seen.get()));
}

/** Whether a moment of a match was watched here. */
export const hasSeen = (code: string, moment: Moment): boolean => seen.get().includes(nameOf(code, moment));

/** Remembers that a moment of a match was watched here. */
export const sawMoment = (code: string, moment: Moment): void => remember([nameOf(code, moment)]);

/** `hasSeen`, followed. */
export function useHasSeen(): typeof hasSeen {
  useStore(seen);
  return hasSeen;
}

/** Whether a moment of a match was offered here, or is nothing to offer. */
const wasOffered = (code: string, moment: Moment): boolean => seen.get().includes(offerOf(code, moment));

/** Remembers that these moments were offered here. */
export const offered = (moments: readonly { code: string; is: Moment }[]): void =>
  remember(moments.map(({ code, is }) => offerOf(code, is)));

/** `wasOffered`, followed. */
export function useWasOffered(): typeof wasOffered {
  useStore(seen);
  return wasOffered;
}
