import type { Person } from "../../design/people";
import { type Side, SIDES } from "../../node/tips";
import type { Columns } from "./columns";

/** The one sentence about a match's tips. `side`: what it is about. */
export type Saying =
  | { is: "nobody" }
  | { is: "hidden" }
  | { is: "everybody" | "all-tips"; side: Side; all: number }
  | { is: "all-but"; side: Side; other: Person }
  | { is: "only-you" | "you"; side: Side }
  | { is: "only-you-and" | "only"; side: Side; other: Person }
  | { is: "you-and"; side: Side; others: number }
  | { is: "no-one"; side: Side }
  | { is: "most"; side: Side; some: number; all: number }
  | { is: "split"; all: number };

/**
 * The best sentence that is true of the tips: about the player of this device first, then about whoever stands out.
 * `players`: how many play, with or without a tip. While some tips are hidden, nothing is said of everybody or of nobody else.
 */
export function sayingOf(columns: Columns, own: string | undefined, players: number): Saying {
  const all = SIDES.reduce((sum, side) => sum + columns[side].length, 0);
  const open = columns.shut.length > 0;
  if (all === 0) return { is: open ? "hidden" : "nobody" };
  const mine = SIDES.find((side) => columns[side].some(({ account }) => account === own));
  const full = SIDES.filter((side) => columns[side].length > 0);
  const [first] = full;
  if (full.length === 1 && first !== undefined && all > 1 && !open)
    return { is: all === players ? "everybody" : "all-tips", side: first, all };
  if (mine !== undefined) return ofMine(columns, mine, own, all === players && !open, open, all);
  return ofOthers(columns, all, open);
}

function ofMine(
  columns: Columns,
  side: Side,
  own: string | undefined,
  whole: boolean,
  open: boolean,
  all: number,
): Saying {
  const [other, ...more] = columns[side].filter(({ account }) => account !== own);
  if (other === undefined) return { is: open ? "you" : "only-you", side };
  if (more.length === 0 && !open) return { is: "only-you-and", side, other };
  const [odd, ...others] = SIDES.filter((it) => it !== side).flatMap((it) => columns[it]);
  if (whole && odd !== undefined && others.length === 0 && all > 3) return { is: "all-but", side, other: odd };
  return { is: "you-and", side, others: more.length + 1 };
}

function ofOthers(columns: Columns, all: number, open: boolean): Saying {
  const by = [...SIDES].sort((a, b) => columns[b].length - columns[a].length);
  const [most = "home", second = "draw"] = by;
  if (!open && all > 2) {
    const lone = by.find((side) => columns[side].length === 1);
    const [other] = lone === undefined ? [] : columns[lone];
    if (lone !== undefined && other !== undefined) return { is: "only", side: lone, other };
    const none = by.find((side) => columns[side].length === 0);
    if (none !== undefined) return { is: "no-one", side: none };
  }
  if (columns[most].length === columns[second].length) return { is: "split", all };
  return { is: "most", side: most, some: columns[most].length, all };
}
