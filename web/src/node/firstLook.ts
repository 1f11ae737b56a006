import { kept } from "../device/kept";
import { nodeTime } from "./clock";

/** The pool's time when this device first looked at it. A node whose clock is ahead makes it no later than this device's own. */
export function firstLook(pool: string): number {
  const note = kept(`bolao.looked.${pool}`);
  const known = Number(note.read() ?? NaN);
  if (Number.isSafeInteger(known)) return known;
  const now_s = Math.floor(Math.min(nodeTime(), Date.now()) / 1000);
  note.write(String(now_s));
  return now_s;
}
