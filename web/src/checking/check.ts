// The standing check: this browser replays the pool by its own rules, keeps up with every block, and makes the answers that screens
// show itself: the node's must be the same, byte for byte. All screens share one.

import { queries, type Shapes } from "../node/client";
import { nodeTime, notBefore } from "../node/clock";
import { type EventName, hear } from "../node/events";
import { genesisBytesOptions } from "../node/genesis";
import type { Heard } from "../node/heard";
import { matchesOptions, poolOptions, standingsOptions } from "../node/queries";
import { toldAbove } from "../keys/seenActs";
import { openedPool } from "../keys/signer";
import type { At, Checked, Rules } from "../rules";
import { idle } from "../device/idle";
import { against } from "./allowed";
import { keepSeen, seenOf } from "./lastSeen";
import { lookBy } from "./look";
import { alone, isLookedAt, isOnScreen, lookAnew, questions, whenOthersCome } from "./shown";
import { broken, check, type Check, differences, end, last, tell, tellBroken, told, withheld } from "./state";
import { compareUntilSure, isRulesError, PATIENCE_MS, type Question, within } from "./sure";

export { broken, check, differences, last } from "./state";

const PROGRESS_EVERY_MS = 100;

/** Events after which the chain may be another. */
const MOVES = new Set<EventName>(["tip", "block", "final", "reorganised", "resync", "lagged"]);

/** Who waits for the book to be read on. */
const readers: ((rules: Rules | undefined) => void)[] = [];
let running: Promise<void> | undefined;
let wanted = false;
let begun = false;

/** Codes of a `RulesError` that say nothing about the node's honesty. */
export const NOT_A_LIE = new Set([
  "away",
  "cut-off",
  "behind",
  "bad-part",
  "unsettled",
  "rules-ended",
  "no-check",
  "no-pool",
]);

/** Codes for a book that ends before its end. */
const CUT = new Set(["cut-off", "bad-part", "unsettled"]);
/** A book that is cut off so often in a row, for so long, is told aloud. */
const MOST_CUTS = 3;
const CUT_MS = 60_000;
const cuts = { count: 0, since_ms: 0 };

/** What the node withholds by this error, if it does. */
function tellWithheld(code: string): void {
  if (code === "behind") withheld.set("older");
  if (!CUT.has(code)) return;
  if (cuts.count === 0) cuts.since_ms = Date.now();
  cuts.count += 1;
  if (cuts.count >= MOST_CUTS && Date.now() - cuts.since_ms > CUT_MS) withheld.set("cut");
}

/** A whole book was read. */
function isWhole(): void {
  cuts.count = 0;
  broken.set(undefined);
  withheld.set(undefined);
}

async function catchUp(rules: Rules, pool: string, afresh = false): Promise<Checked> {
  let shown = 0;
  const checked = await rules.check(seenOf(pool, afresh), (progress) => {
    const now = Date.now();
    if (now - shown < PROGRESS_EVERY_MS) return;
    shown = now;
    along({ progress });
  });
  notBefore(checked.clock);
  keepSeen(pool, checked);
  return checked;
}

/** A longer table is compared only where it is shown: it is asked for anew with each block. */
const LONG_TABLE = 500;

/** After so long a check is slow; the first one, which reads the whole book, later. */
const SLOW_MS = 3_000;
const FIRST_SLOW_MS = 15_000;

/** Changes what is told of the check while it runs. */
function along(change: Partial<Omit<Check & { is: "running" }, "is">>): void {
  const now = check.get();
  check.set({ progress: undefined, slow: false, ...(now.is === "running" && now), ...change, is: "running" });
}

/** By what an own answer is made that nobody else gave. */
const ownTime = (): At => ({ now: Math.floor(nodeTime() / 1000), final: null, live: [] });

/** How what is shown is compared. */
interface Comparing {
  rules: Rules;
  newest: () => Promise<string>;
  unsure: boolean;
  errors: unknown[];
}

/** Compares the answers to a question, which are on their way. One that cannot be answered keeps no other from being compared. */
async function compare(of: Comparing, question: Question, coming: Promise<Heard[]>): Promise<void> {
  try {
    const shown = await coming;
    const outcome = await compareUntilSure(shown, question, lookBy(of.rules), of.newest);
    if (outcome === "unsure") of.unsure = true;
    else if ("path" in outcome) tell(outcome.path, outcome.difference);
    else for (const path of outcome) tell(path, undefined);
  } catch (error) {
    if (isRulesError(error) && error.code !== "bad-request") throw error;
    of.errors.push(error);
  }
}

/** Compares all that is shown, and what was wrong before: that stays until it is answered rightly, shown or not. */
async function compareAll(of: Comparing, long: boolean): Promise<void> {
  lookAnew();
  const table = standingsOptions({});
  const everywhere = [
    { queryKey: matchesOptions().queryKey, ask: () => queries.query(matchesOptions()) },
    ...(long ? [] : [{ queryKey: table.queryKey, ask: () => queries.query(table) }]),
  ];
  const all = questions(everywhere).map((question) => {
    const coming = within(question.read(false), PATIENCE_MS);
    // It is waited for in its turn.
    coming.catch(() => undefined);
    return { question, coming };
  });
  for (const { question, coming } of all) await compare(of, question, coming);
  for (const path of [...differences.get().keys()].filter((path) => !isLookedAt(path))) {
    const question = alone(path);
    await compare(of, question, within(question.read(false), PATIENCE_MS));
  }
}

/** Reads what players are told of organisers, above what whoever plays here has seen: all of it, however much else there is. */
async function readTold(rules: Rules, pool: string, tip: string): Promise<void> {
  const above = toldAbove(pool);
  const before = told.get();
  if (above === undefined || (before?.tip === tip && before.above === above)) return;
  const log = await answered<Shapes["Page_ActBody"]>(rules, `/api/v1/log?told_above=${above}&limit=500`);
  if (log !== undefined) told.set({ tip, above, acts: log.items });
}

/** Reads what is new of the book, and compares what screens show. */
async function pass(afresh: boolean): Promise<void> {
  const pool = await queries.query(poolOptions());
  const { rules } = await openedPool(pool.id);
  if (afresh) await rules.openPool(await queries.query(genesisBytesOptions()), pool.id);
  let checked = await catchUp(rules, pool.id, afresh);
  isWhole();
  const newest = async (): Promise<string> => {
    checked = await catchUp(rules, pool.id);
    return checked.tip;
  };
  for (const reader of readers.splice(0)) reader(rules);
  await readTold(rules, pool.id, checked.tip);
  const of: Comparing = { rules, newest, unsure: false, errors: [] };
  const long = checked.accounts > LONG_TABLE;
  await compareAll(of, long);
  if (of.unsure) end({ is: "unsure" });
  else if (of.errors.length > 0) end({ is: "failed", error: of.errors[0], part: true });
  else {
    const table = !long || isOnScreen(standingsOptions({}).queryKey);
    last.set({ pool: pool.id, checked, at_s: Date.now() / 1000, table });
    end({ is: "done" });
  }
  keep(rules);
}

/** Keeps what was checked, once the browser has nothing else to do. */
function keep(rules: Rules): void {
  // What is made of the book differs from what is told: the next visit makes it anew, from the first block on.
  const kept = differences.get().size > 0 ? rules.forgetBook() : idle(IDLE_MS).then(() => rules.keepBook(false));
  // Without it the next visit takes longer.
  kept.catch(() => undefined);
}

async function run(afresh: boolean): Promise<void> {
  let first = afresh;
  do {
    wanted = false;
    along({ slow: false, progress: undefined });
    const slow = setTimeout(() => along({ slow: true }), last.get() === undefined ? FIRST_SLOW_MS : SLOW_MS);
    try {
      await pass(first);
    } catch (error) {
      if (isRulesError(error)) {
        tellWithheld(error.code);
        if (!NOT_A_LIE.has(error.code)) tellBroken(error.message);
      }
      for (const reader of readers.splice(0)) reader(undefined);
      end({ is: "failed", error, part: false });
      return;
    } finally {
      clearTimeout(slow);
    }
    first = false;
  } while (wanted as boolean);
}

/** What did not come to a good end is tried again after so long. */
const AGAIN_MS = 30_000;
let again: ReturnType<typeof setTimeout> | undefined;

/** Checks now, whatever this device is. */
export function checkNow(afresh = false): Promise<void> {
  wanted = true;
  clearTimeout(again);
  running ??= run(afresh).finally(() => {
    running = undefined;
    clearTimeout(again);
    if (check.get().is !== "done") again = setTimeout(keepUp, AGAIN_MS);
  });
  return running;
}

/** A book of so few transactions is read over any connection, where something rests on it. */
export const SHORT_BOOK = 5_000;

/** Unless its owner wants it `now`, a device that does not check by itself reads a short book only. */
async function mayRead(now: boolean): Promise<boolean> {
  const { totals } = await queries.query(poolOptions());
  const reason = against();
  const costs = reason === "chosen" || (reason !== undefined && totals.transactions > SHORT_BOOK);
  return !costs || now || last.get() !== undefined;
}

/** The rules once they have read the book to its end; `undefined` where that could not be, or is not wanted `now`. */
export async function readToEnd(now: boolean): Promise<Rules | undefined> {
  if (!(await mayRead(now))) return undefined;
  return new Promise((resolve) => {
    readers.push(resolve);
    // Where the check was just ending, another one follows.
    void checkNow().then(() => (readers.length > 0 ? checkNow() : undefined));
  });
}

interface Page {
  items: unknown[];
  next_cursor?: string | null;
}

/** What these rules answer at a path with its query: of a list all pages. `undefined` where the book has no such thing. */
export async function answered<Answer>(rules: Rules | undefined, path: string): Promise<Answer | undefined> {
  const at = ownTime();
  const ask = async (path: string): Promise<unknown> => JSON.parse((await rules?.ask(path, at)) ?? "null");
  try {
    const answer = (await ask(path)) as Partial<Page> | null;
    let cursor = answer?.next_cursor;
    while (cursor != null) {
      const page = (await ask(`${path}&cursor=${encodeURIComponent(cursor)}`)) as Page;
      answer?.items?.push(...page.items);
      cursor = page.next_cursor;
    }
    return (answer ?? undefined) as Answer | undefined;
  } catch (error) {
    if (isRulesError(error)) return undefined;
    throw error;
  }
}

/** So long does a signature wait for the check at most. */
export const SIGNS_MS = 5_000;

/**
 * Reads the book on: the rules that hold it, and whether they have all of it now. A node that is slow, or gives no book just now, keeps
 * nobody from signing. `first`: also where this device has not read it before.
 */
export async function readOn(first: boolean): Promise<{ rules: Rules; whole: boolean } | undefined> {
  if (last.get() === undefined) {
    const rules = first ? await within(readToEnd(false), SIGNS_MS).catch(() => undefined) : undefined;
    return rules && { rules, whole: true };
  }
  const { id: pool } = await queries.query(poolOptions());
  const { rules } = await openedPool(pool);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), SIGNS_MS));
  const read = rules.check(seenOf(pool)).then(
    () => true,
    () => false,
  );
  return { rules, whole: await Promise.race([read, late]) };
}

/** The rules with the book as far as this device has read it; `undefined` where it has not. */
export async function readBefore(): Promise<Rules | undefined> {
  if (last.get() === undefined) return undefined;
  const { id: pool } = await queries.query(poolOptions());
  return (await openedPool(pool)).rules;
}

/**
 * What this device itself answers at a path, once it has read the book to its end. `undefined` where it could not, or that is not wanted
 * `now`.
 */
export const own = async <Answer>(path: string, now: boolean): Promise<Answer | undefined> =>
  answered<Answer>(await readToEnd(now), path);

/** A book that was read so long ago is read on before something is signed. */
export const LATELY_S = 600;

/** The rules with the book as far as it was read in the last minutes. */
export const readLately = async (): Promise<Rules | undefined> =>
  Date.now() / 1000 - (last.get()?.at_s ?? 0) <= LATELY_S ? readBefore() : undefined;

/** The same, by the book as far as it was read in the last minutes. */
export const ownLately = async <Answer>(path: string): Promise<Answer | undefined> =>
  answered<Answer>(await readLately(), path);

/** The same, by the book as far as it was read at all; `undefined` also where it was not. */
export const ownBefore = async <Answer>(path: string): Promise<Answer | undefined> =>
  answered<Answer>(await readBefore(), path);

/** How many of an account's acts are in it. */
export const bookedOf = async (account: string): Promise<number | undefined> =>
  (await (await readBefore())?.order(account, []))?.booked;

/** Checks everything again, from the first block on. */
export async function checkAll(): Promise<void> {
  await running;
  await checkNow(true);
}

/** Checks again, if this device does so by itself or was asked before. */
function keepUp(): void {
  const reason = against();
  if (reason !== undefined && last.get() === undefined) {
    if (running === undefined) check.set({ is: "off", reason });
    return;
  }
  void checkNow();
}

const AFTER_FIRST_PAINT_MS = 100;
const IDLE_MS = 5_000;
const TOGETHER_MS = 400;
/** What screens show is compared soon: until then it stands under the mark of the pass before. */
const SOON_MS = 100;

/** Loads the rules while what is shown is drawn. */
async function load(): Promise<void> {
  await idle(IDLE_MS);
  if (against() !== undefined) return;
  const { id } = await queries.query(poolOptions());
  await openedPool(id);
}

/** Begins the standing check once the page stands; call it once. */
export function beginToCheck(): void {
  if (begun) return;
  begun = true;
  load().catch(() => undefined);
  setTimeout(() => void idle(IDLE_MS).then(keepUp), AFTER_FIRST_PAINT_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  hear((name) => {
    if (!MOVES.has(name)) return;
    // Events that come all the time put it off no further.
    soon ??= setTimeout(() => {
      soon = undefined;
      keepUp();
    }, TOGETHER_MS);
  });
  whenOthersCome(keepUp, SOON_MS);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    readBefore()
      .then((rules) => rules?.keepBook(true))
      .catch(() => undefined);
  });
}
