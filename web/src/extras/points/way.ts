// How the points of a new pool are chosen: by numbers, or in another way. The first run has the list of the ways (features/start/ways.ts).

import type { ReactNode } from "react";

/** Points that a new pool may have, and what comes with them. */
export interface Points {
  /** What they are called. */
  says: () => string;
  /** Those of most matches, where the page can draw them. */
  scoring?: object;
  /** What else there is to say of them. `separates`: whether nothing else is chosen to separate equal points. */
  follows?: (rounds: readonly string[], separates: boolean) => ReactNode;
  /** What separates equal points where nothing else is chosen. */
  tieBreaks?: readonly string[] | undefined;
  /** The names of the optional rules that they settle: those are not asked for. */
  settles?: readonly string[] | undefined;
}

/** A way to choose points. A file of rules has the name of what is chosen, under the way's key. */
export interface Way<Key extends string = string> {
  /** Its key in a file of rules. */
  key: Key;
  /** What its points are called together; nothing of those that stand first. */
  group?: () => string;
  /** The names of what can be chosen, by the schemes that the server knows. */
  names: (schemes: readonly string[]) => readonly string[];
  /** What a name stands for, if the page knows it. */
  of: (name: string) => Points | undefined;
  /** Whether its points come with what separates equal ones: what is chosen for that goes when they come, and when they go. */
  hasTieBreaks?: boolean;
}
