// Whether this browser is kept out: some pools show themselves to players alone.

import { store } from "../device/store";

/** The paths that the node has refused. */
const refused = new Set<string>();

/** Whether the node shows this browser only what joining needs. */
export const outside = store(false);

/** Learns that from each answer: a path that was refused and is answered now says that the browser was let in. */
export function learnWhetherOutside(path: string, status: number): void {
  if (status === 401) refused.add(path);
  else if (status < 400 && refused.has(path)) refused.clear();
  const now = refused.size > 0;
  if (outside.get() !== now) outside.set(now);
}
