// The standing check: this browser replays the pool by its own rules, keeps up with every block, and compares what the
// node says with what it computed. All screens share one.

import type { QueryKey, UseQueryOptions } from "@tanstack/react-query";

import { queries, type Shapes } from "../node/client";
import { nodeTime } from "../node/clock";
import { hear } from "../node/events";
import { matchesOptions, playerBetsOptions, poolOptions, standingsOptions } from "../node/queries";
import { openedPool } from "../identity/hand";
import { playerOf } from "../identity/player";
import type { Checked, Difference, Place, Progress, Rules, RulesError } from "../rules";
import { kept } from "../shell/kept";
import { store } from "../shell/store";
import { against, type Reason } from "./allowed";
import { compareUntilSure, type Question } from "./compare";

/** How far the check is. */
export type Check =
  | { is: "not-begun" }
  | { is: "off"; reason: Reason }
  | { is: "running"; progress: Progress | undefined }
  | { is: "done" }
  /** Blocks came faster than what the node says could be compared with them. */
  | { is: "unsure" }
  /** It could not be done: the node is away, or this browser cannot. */
  | { is: "failed"; error: unknown };

/** The check as it is. */
export const check = store<Check>({ is: "not-begun" });

/** How the chain that the node gives breaks the rules, in the ledger's words. Stays until a whole chain was checked. */
export const broken = store<string | undefined>(undefined);

/** What the node said and what was computed here differ, by question. Stays until the same question is answered rightly. */
export const differences = store<ReadonlyMap<string, Difference>>(new Map());

/** What the last check that came to its end found, and whether the whole table was among what it compared. */
export const last = store<{ checked: Checked; at_s: number; table: boolean } | undefined>(undefined);

/** How the node is asked for something. */
type Asking<Data, Key extends QueryKey> = Pick<UseQueryOptions<Data, Error, Data, Key>, "queryKey" | "queryFn">;

const PROGRESS_EVERY_MS = 100;

/** What screens ask for; one that found a difference stays until it is answered rightly, `shown` or not. */
const asked = new Map<string, { question: Question; shown: boolean }>();
/** What came of each question when it was last compared. */
const outcomes = new Map<string, Difference | "unsure" | undefined>();
let running: Promise<void> | undefined;
let wanted = false;
let begun = false;

function tell(id: string, difference: Difference | undefined): void {
  const known = differences.get();
  if (known.get(id)?.sentence === difference?.sentence) return;
  const next = new Map(known);
  if (difference === undefined) next.delete(id);
  else next.set(id, difference);
  differences.set(next);
}

/** Codes of a `RulesError` that say nothing about the node's honesty. */
const NOT_A_LIE = new Set(["away", "cut-off", "behind", "bad-part", "unsettled", "rules-ended", "no-check", "no-pool"]);

/** A worker's errors are copies, so their class tells nothing. */
const isRulesError = (error: unknown): error is Pick<RulesError, "code" | "message"> =>
  error instanceof Error && "code" in error && typeof error.code === "string";

/** The last block that this device has seen final, or that the invitation named: the book must hold it. */
function namedIn(pool: string): Place | null {
  const named = playerOf(pool)?.named ?? null;
  try {
    const seen = JSON.parse(finalOf(pool).read() ?? "null") as Place | null;
    return seen !== null && seen.height > (named?.height ?? 0) ? seen : named;
  } catch {
    return named;
  }
}

const finalOf = (pool: string) => kept(`bolao.final.${pool}`);

async function catchUp(rules: Rules, pool: string): Promise<Checked> {
  let shown = 0;
  const checked = await rules.check(namedIn(pool), (progress) => {
    const now = Date.now();
    if (now - shown < PROGRESS_EVERY_MS) return;
    shown = now;
    check.set({ is: "running", progress });
  });
  if (checked.final > 0) finalOf(pool).write(JSON.stringify({ height: checked.final, hash: checked.final_hash }));
  return checked;
}

const TABLE = "standings";
/** A longer table is compared only where it is shown: it is asked for anew with each block. */
export const LONG_TABLE = 500;

/** What is compared wherever the reader looks. */
function standing({ id: pool, totals }: Pick<Shapes["PoolBody"], "id" | "totals">): Question[] {
  const account = playerOf(pool)?.account;
  const table: Question = {
    id: TABLE,
    read: async (fresh) => [
      { of: { route: "standings", stage: null }, body: await known(standingsOptions({}), fresh) },
    ],
  };
  return [
    ...(totals.players <= LONG_TABLE ? [table] : []),
    {
      id: "matches",
      read: async (fresh) =>
        (await known(matchesOptions(), fresh)).map((body) => ({ of: { route: "match" as const }, body })),
    },
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

/** The answer as screens show it, or asked again. */
export async function known<Data, Key extends QueryKey>(options: Asking<Data, Key>, fresh: boolean): Promise<Data> {
  const { queryKey, queryFn } = options;
  // What is on its way may be from before the last block.
  if (fresh) await queries.cancelQueries({ queryKey, exact: true });
  return queries.query({ queryKey, queryFn, staleTime: fresh ? 0 : Infinity });
}

async function genesis(): Promise<string> {
  const answer = await fetch("/api/v1/pool/genesis");
  if (!answer.ok) throw new TypeError(`genesis: ${answer.status}`);
  return answer.text();
}

async function run(afresh: boolean): Promise<void> {
  check.set({ is: "running", progress: undefined });
  try {
    const pool = await queries.query(poolOptions());
    const { rules } = await openedPool(pool.id);
    if (afresh) await rules.openPool(await genesis(), pool.id);
    let checked: Checked;
    let unsure: boolean;
    let questions: Map<string, Question>;
    const newest = async (): Promise<string> => {
      checked = await catchUp(rules, pool.id);
      return checked.tip;
    };
    do {
      wanted = false;
      unsure = false;
      checked = await catchUp(rules, pool.id);
      const screens = [...asked.values()].map(({ question }) => question);
      questions = new Map([...standing(pool), ...screens].map((question) => [question.id, question]));
      for (const [id, question] of questions) {
        const found = await compareUntilSure(rules, question, newest);
        outcomes.set(id, found);
        if (found === "unsure") unsure = true;
        else tell(id, found);
        if (found === undefined && asked.get(id)?.shown === false) asked.delete(id);
      }
    } while (wanted as boolean);
    broken.set(undefined);
    if (!unsure) last.set({ checked, at_s: nodeTime() / 1000, table: questions.has(TABLE) });
    check.set({ is: unsure ? "unsure" : "done" });
  } catch (error) {
    if (isRulesError(error) && !NOT_A_LIE.has(error.code)) broken.set(error.message);
    check.set({ is: "failed", error });
  }
}

/** Checks now, whatever this device is. */
export function checkNow(afresh = false): Promise<void> {
  wanted = true;
  running ??= run(afresh).finally(() => {
    running = undefined;
  });
  return running;
}

/** A book of so few transactions is read over any connection, where something rests on it. */
const SHORT_BOOK = 5_000;

/**
 * Whether the book says what the node says. Unless its owner wants it `now`, a device that does not check by itself finds that
 * out of a short book only.
 */
export async function agrees(question: Question, now: boolean): Promise<boolean> {
  const { totals } = await queries.query(poolOptions());
  const reason = against();
  const costs = reason === "chosen" || (reason !== undefined && totals.transactions > SHORT_BOOK);
  if (costs && !now && last.get() === undefined) return false;
  outcomes.delete(question.id);
  asked.set(question.id, { question, shown: false });
  await checkNow();
  // The check was just ending.
  if (!outcomes.has(question.id) && check.get().is !== "failed") await checkNow();
  return outcomes.has(question.id) && outcomes.get(question.id) === undefined;
}

/** So long does a signature wait for the check at most. */
const PATIENCE_MS = 5_000;

/**
 * Reads the book on, if this device has read it to its end before: the rules that hold it, and whether they have all of it now. A node
 * that is slow, or gives no book just now, keeps nobody from signing.
 */
export async function readOn(): Promise<{ rules: Rules; whole: boolean } | undefined> {
  if (last.get() === undefined) return undefined;
  const { id: pool } = await queries.query(poolOptions());
  const { rules } = await openedPool(pool);
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), PATIENCE_MS));
  const read = rules.check(namedIn(pool)).then(
    () => true,
    () => false,
  );
  return { rules, whole: await Promise.race([read, late]) };
}

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
  if (running !== undefined || last.get() !== undefined) void checkNow();
  return () => {
    if (asked.get(id)?.question !== question) return;
    if (differences.get().has(id)) asked.set(id, { question, shown: false });
    else asked.delete(id);
  };
}

const AFTER_FIRST_PAINT_MS = 1_000;
const IDLE_MS = 5_000;
const TOGETHER_MS = 400;

/** Begins the standing check once the page stands; call it once. */
export function beginToCheck(): void {
  if (begun) return;
  begun = true;
  setTimeout(() => {
    // Safari knows no idle moments.
    if (typeof requestIdleCallback === "undefined") keepUp();
    else requestIdleCallback(keepUp, { timeout: IDLE_MS });
  }, AFTER_FIRST_PAINT_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  hear((name) => {
    if (name !== "tip" && name !== "block" && name !== "final" && name !== "reorganised" && name !== "lagged") return;
    clearTimeout(soon);
    soon = setTimeout(keepUp, TOGETHER_MS);
  });
}
