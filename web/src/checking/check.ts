// The standing check: this browser replays the pool by its own rules, keeps up with every block, and compares what the
// node says with what it computed. All screens share one.

import { queries } from "../node/client";
import { notBefore } from "../node/clock";
import { hear } from "../node/events";
import { genesisOptions } from "../node/genesis";
import { playerBetsOptions, poolOptions } from "../node/queries";
import { openedPool } from "../keys/signer";
import { playerOf } from "../keys/player";
import type { Checked, Rules } from "../rules";
import { idle } from "../device/idle";
import { against } from "./allowed";
import { compareUntilSure, isRulesError, type Question, within } from "./compare";
import { faces, lives, matches, standings } from "./questions";
import { Absent, known, takeAnew, whenOthersCome } from "./reads";
import { keepSeen, seenOf } from "./lastSeen";
import { broken, check, type Check, differences, end, last, tell, tellBroken, told, withheld } from "./state";

export { known } from "./reads";
export { broken, check, differences, last } from "./state";

const PROGRESS_EVERY_MS = 100;

/** What screens ask for; one that found a difference stays until it is answered rightly, `shown` or not. */
const asked = new Map<string, { question: Question; shown: boolean }>();
/** Who waits for the book to be read on. */
const readers: ((rules: Rules | undefined) => void)[] = [];
/** What is compared once, for whoever waits for it. */
const awaited: { question: Question; agrees: (whether: boolean) => void }[] = [];
let running: Promise<void> | undefined;
let wanted = false;
let begun = false;

/** Codes of a `RulesError` that say nothing about the node's honesty. */
const NOT_A_LIE = new Set(["away", "cut-off", "behind", "bad-part", "unsettled", "rules-ended", "no-check", "no-pool"]);

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

const TABLE = "standings";
/** A longer table is compared only where it is shown: it is asked for anew with each block. */
export const LONG_TABLE = 500;

/** Who plays here, once the book has its joining: before that the node has no tips of it to give. */
async function booked(rules: Rules, pool: string): Promise<string | undefined> {
  const account = playerOf(pool)?.account;
  return account !== undefined && (await rules.order(account, [])).booked > 0 ? account : undefined;
}

/** What is compared wherever the reader looks, in a pool of so many players, one of whom plays here. */
function standing(players: number, account: string | undefined): Question[] {
  return [
    ...(players <= LONG_TABLE ? [{ id: TABLE, read: standings.read }] : []),
    { id: "matches", read: matches.read },
    { id: "live", read: lives },
    { id: "faces", read: faces },
    ...(account === undefined
      ? []
      : [
          {
            id: "own",
            read: async (fresh: boolean) => [
              {
                of: { route: "player-bets" as const, account },
                body: { items: await known(playerBetsOptions(account), fresh) },
              },
            ],
          },
        ]),
  ];
}

/** After so long a check is slow; the first one, which reads the whole book, later. */
const SLOW_MS = 3_000;
const FIRST_SLOW_MS = 15_000;

/** Changes what is told of the check while it runs. */
function along(change: Partial<Omit<Check & { is: "running" }, "is">>): void {
  const now = check.get();
  check.set({ progress: undefined, slow: false, ...(now.is === "running" && now), ...change, is: "running" });
}

/** What comes of a question. One that cannot be answered keeps no other from being compared. */
async function outcomeOf(rules: Rules, question: Question, newest: () => Promise<string>) {
  try {
    return { outcome: await compareUntilSure(rules, question, newest) };
  } catch (error) {
    if (isRulesError(error) && error.code !== "bad-question") throw error;
    return { outcome: "failed" as const, error };
  }
}

/** Reads what is new of the book, and compares every question once; those that are awaited first. */
async function pass(afresh: boolean): Promise<void> {
  const pool = await queries.query(poolOptions());
  const { rules } = await openedPool(pool.id);
  if (afresh) await rules.openPool(await queries.query(genesisOptions()), pool.id);
  let checked = await catchUp(rules, pool.id, afresh);
  isWhole();
  told.set(await rules.told());
  const newest = async (): Promise<string> => {
    checked = await catchUp(rules, pool.id);
    return checked.tip;
  };
  for (const reader of readers.splice(0)) reader(rules);
  takeAnew();
  for (let one = awaited.shift(); one !== undefined; one = awaited.shift()) {
    const { question, agrees } = one;
    const { outcome } = await outcomeOf(rules, question, newest).catch((error: unknown) => {
      agrees(false);
      throw error;
    });
    if (typeof outcome === "object") {
      tell(question.id, outcome);
      if (!asked.has(question.id)) asked.set(question.id, { question, shown: false });
    }
    agrees(outcome === undefined);
  }
  const own = await booked(rules, pool.id);
  const always = new Map(standing(checked.accounts, own).map((question) => [question.id, question]));
  const questions = new Map([...always, ...[...asked].map(([id, { question }]) => [id, question] as const)]);
  const errors: unknown[] = [];
  let unsure = false;
  for (const [id, question] of questions) {
    const { outcome, error } = await outcomeOf(rules, question, newest);
    // Of what is not there nothing is shown.
    if (error !== undefined && (always.has(id) || !(error instanceof Absent))) errors.push(error);
    if (outcome === "unsure") unsure = true;
    else if (outcome !== "failed") tell(id, outcome);
    if (outcome === undefined && asked.get(id)?.shown === false) asked.delete(id);
  }
  if (unsure) end({ is: "unsure" });
  else if (errors.length > 0) end({ is: "failed", error: errors[0], part: true });
  else {
    last.set({ pool: pool.id, checked, at_s: Date.now() / 1000, table: questions.has(TABLE) });
    end({ is: "done" });
  }
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
      for (const { agrees } of awaited.splice(0)) agrees(false);
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
const SHORT_BOOK = 5_000;

/** Unless its owner wants it `now`, a device that does not check by itself reads a short book only. */
async function mayRead(now: boolean): Promise<boolean> {
  const { totals } = await queries.query(poolOptions());
  const reason = against();
  const costs = reason === "chosen" || (reason !== undefined && totals.transactions > SHORT_BOOK);
  return !costs || now || last.get() !== undefined;
}

/** Checks for those who wait. Where the check was just ending, another one follows. */
const checkFor = (waiting: readonly unknown[]): void =>
  void checkNow().then(() => (waiting.length > 0 ? checkNow() : undefined));

/** Whether the book says what the node says. `now`: its owner wants the book read, whatever device this is. */
export async function agrees(question: Question, now: boolean): Promise<boolean> {
  if (!(await mayRead(now))) return false;
  return new Promise((resolve) => {
    awaited.push({ question, agrees: resolve });
    checkFor(awaited);
  });
}

/** The rules once they have read the book to its end; `undefined` where that could not be, or is not wanted `now`. */
export async function readToEnd(now: boolean): Promise<Rules | undefined> {
  if (!(await mayRead(now))) return undefined;
  return new Promise((resolve) => {
    readers.push(resolve);
    checkFor(readers);
  });
}

/** So long does a signature wait for the check at most. */
const PATIENCE_MS = 5_000;

/**
 * Reads the book on: the rules that hold it, and whether they have all of it now. A node that is slow, or gives no book just now, keeps
 * nobody from signing. `first`: also where this device has not read it before.
 */
export async function readOn(first: boolean): Promise<{ rules: Rules; whole: boolean } | undefined> {
  if (last.get() === undefined) {
    const rules = first ? await within(readToEnd(false), PATIENCE_MS).catch(() => undefined) : undefined;
    return rules && { rules, whole: true };
  }
  const { id: pool } = await queries.query(poolOptions());
  const { rules } = await openedPool(pool);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS));
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

/** Has what a screen shows compared too, for as long as it shows it. */
export function ask(question: Question): () => void {
  const { id } = question;
  asked.set(id, { question, shown: true });
  if (check.get().is !== "not-begun") keepUp();
  return () => {
    if (asked.get(id)?.question !== question) return;
    if (differences.get().has(id)) asked.set(id, { question, shown: false });
    else asked.delete(id);
  };
}

const AFTER_FIRST_PAINT_MS = 100;
const IDLE_MS = 5_000;
const TOGETHER_MS = 400;

/** Begins the standing check once the page stands; call it once. */
export function beginToCheck(): void {
  if (begun) return;
  begun = true;
  setTimeout(() => void idle(IDLE_MS).then(keepUp), AFTER_FIRST_PAINT_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  hear((name) => {
    if (name !== "tip" && name !== "block" && name !== "final" && name !== "reorganised" && name !== "lagged") return;
    // Events that come all the time put it off no further.
    soon ??= setTimeout(() => {
      soon = undefined;
      keepUp();
    }, TOGETHER_MS);
  });
  whenOthersCome(keepUp, TOGETHER_MS);
}
