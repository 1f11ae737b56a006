// What the standing check has found, for whatever shows it.

import { bare } from "../node/reach";
import type { Checked, Place, Progress } from "../rules";
import { store, useStore } from "../device/store";
import type { Shapes } from "../node/client";
import type { Reason } from "./allowed";
import type { Difference } from "./difference";

/** How far the check is. */
export type Check =
  | { is: "not-begun" }
  | { is: "off"; reason: Reason }
  /** `slow`: it takes longer than a reader takes old numbers for checked ones. */
  | { is: "running"; progress: Progress | undefined; slow: boolean }
  | { is: "done" }
  /** A number differs, and whether that is a lie is not known: blocks came too fast, or the node gave no second answer. */
  | { is: "unsure" }
  /** It could not be done: the node is away, or this browser cannot. `part`: the book was read, and some answers were not compared. */
  | { is: "failed"; error: unknown; part: boolean };

/** The check as it is. */
export const check = store<Check>({ is: "not-begun" });

/** What came of the check when it last came to an end. */
const ended = store<Check>({ is: "not-begun" });

/** How the chain that the node gives breaks the rules, in the ledger's words. Stays until a whole chain was checked. */
export const broken = store<string | undefined>(undefined);

/**
 * What the node withholds. `older`: its book ends before a block that this device knows to be in it. `cut`: it gave no whole book, time
 * after time. Stays until a whole chain was checked.
 */
export const withheld = store<"older" | "cut" | undefined>(undefined);

/** What the node said and what was computed here differ, by path. Stays until the same is answered rightly. */
export const differences = store<ReadonlyMap<string, Difference>>(new Map());

/** What the last check that came to its end found, and whether the whole table was among what it compared. */
export const last = store<{ pool: string; checked: Checked; at_s: number; table: boolean } | undefined>(undefined);

/** What every player is told of organisers' acts, by the book that this device has read. */
interface ToldActs {
  /** The last block of the book then. */
  tip: string;
  /** Only acts in blocks above this height were asked for. */
  above: number;
  /** The last one first. */
  acts: readonly Shapes["ActBody"][];
}

/** `undefined` until the book was read, and where nobody plays. */
export const told = store<ToldActs | undefined>(undefined);

/** Where nothing makes blocks final, so many above one do. */
const DEEP = 100;

/** Up to which block the book stays as this device has read it; 0 where that is not known. */
export function settled(): number {
  const found = last.get()?.checked;
  if (found === undefined) return 0;
  return found.final > 0 ? found.final : Math.max(found.height - DEEP, 0);
}

/** Up to which block this device has found proven that the book is final; `undefined` where it has not checked the book. */
export const useProven = (): number | undefined => useStore(last)?.checked.final;

/** The address of this pool's page that organisers have signed, by the book that this device has read; one that browsers take as it is. */
export function useAddress(pool: string): string | undefined {
  const found = useStore(last);
  const address = found?.pool === pool ? found.checked.address : null;
  return address !== null && URL.canParse(address) && bare(address) === address ? address : undefined;
}

/** How many play: as this device has counted them; as the node says, until it has. */
export const usePlayerCount = (said: number): number => useStore(last)?.checked.accounts ?? said;

/** The last block that this device has found proven final; `null` where it has not checked the book, or there is none. */
export function provenFinal(): Place | null {
  const found = last.get()?.checked;
  return found === undefined || found.final === 0 ? null : { height: found.final, hash: found.final_hash };
}

/** Something that was wrong at some time of this visit. */
interface Wrong {
  at_s: number;
  sentence: string;
}

const MOST_KEPT = 20;

/** What was wrong since the page is open, the oldest first, whatever the node says by now. */
export const wrongs = store<readonly Wrong[]>([]);

function keep(sentence: string): void {
  wrongs.set([...wrongs.get(), { at_s: Date.now() / 1000, sentence }].slice(-MOST_KEPT));
}

/** What came of the answer at a path. */
export function tell(path: string, difference: Difference | undefined): void {
  const known = differences.get();
  if (known.get(path)?.sentence === difference?.sentence) return;
  const next = new Map(known);
  if (difference === undefined) next.delete(path);
  else next.set(path, difference);
  differences.set(next);
  if (difference !== undefined) keep(difference.sentence);
}

/** The chain breaks the rules. */
export function tellBroken(sentence: string): void {
  if (broken.get() === sentence) return;
  broken.set(sentence);
  keep(sentence);
}

/** The check has come to an end. */
export function end(as: Check): void {
  ended.set(as);
  check.set(as);
}

interface Shown {
  looks: "good" | "wrong" | "plain";
  /** What the reader is told: what came of the last check, until the next one takes too long. */
  now: Check;
}

/** What the mark of trust shows. Green is only what was compared, while nothing is known to be amiss. */
export function shown(): Shown {
  const now = check.get();
  const before = ended.get();
  const told = now.is === "running" && !now.slow && before.is !== "not-begun" && before.is !== "off" ? before : now;
  if (differences.get().size > 0 || broken.get() !== undefined) return { looks: "wrong", now: told };
  return { looks: told.is === "done" && withheld.get() === undefined ? "good" : "plain", now: told };
}

/** The same, followed. */
export function useShown(): Shown {
  useStore(check);
  useStore(ended);
  useStore(broken);
  useStore(withheld);
  useStore(differences);
  return shown();
}
