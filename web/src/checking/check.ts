// The standing check: this browser replays the pool by its own rules, keeps up with every block, and compares what the
// node says with what it computed. All screens share one.

import type { QueryKey, UseQueryOptions } from "@tanstack/react-query";

import { queries } from "../node/client";
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
  | { is: "done"; checked: Checked; at_s: number }
  /** The chain itself breaks a rule: `code` and `message` are the ledger's. */
  | { is: "broken"; code: string; message: string }
  /** It could not be done: the node is away, or this browser cannot. */
  | { is: "failed"; error: unknown };

/** The check as it is. */
export const check = store<Check>({ is: "not-begun" });

/** What the node said and what was computed here differ, by question. Stays until the same question is answered rightly. */
export const differences = store<ReadonlyMap<string, Difference>>(new Map());

/** What the last check found, while another one runs too. */
export const last = store<{ checked: Checked; at_s: number } | undefined>(undefined);

/** How the node is asked for something. */
type Asking<Data, Key extends QueryKey> = Pick<UseQueryOptions<Data, Error, Data, Key>, "queryKey" | "queryFn">;

const PROGRESS_EVERY_MS = 100;

const asked = new Map<string, Question>();
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

async function catchUp(rules: Rules, pool: string): Promise<string> {
  let shown = 0;
  const checked = await rules.check(namedIn(pool), (progress) => {
    const now = Date.now();
    if (now - shown < PROGRESS_EVERY_MS) return;
    shown = now;
    check.set({ is: "running", progress });
  });
  if (checked.final > 0) finalOf(pool).write(JSON.stringify({ height: checked.final, hash: checked.final_hash }));
  last.set({ checked, at_s: nodeTime() / 1000 });
  return checked.tip;
}

/** What is compared wherever the reader looks. */
function standing(pool: string): Question[] {
  const account = playerOf(pool)?.account;
  return [
    {
      id: "standings",
      read: async (fresh) => [
        { of: { route: "standings", stage: null }, body: await known(standingsOptions({}), fresh) },
      ],
    },
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
    const { id: pool } = await queries.query(poolOptions());
    const { rules } = await openedPool(pool);
    if (afresh) await rules.openPool(await genesis(), pool);
    do {
      wanted = false;
      await catchUp(rules, pool);
      for (const question of [...standing(pool), ...asked.values()]) {
        tell(question.id, await compareUntilSure(rules, question, () => catchUp(rules, pool)));
      }
    } while (wanted as boolean);
    const done = last.get();
    if (done !== undefined) check.set({ is: "done", ...done });
  } catch (error) {
    check.set(
      isRulesError(error) && !NOT_A_LIE.has(error.code)
        ? { is: "broken", code: error.code, message: error.message }
        : { is: "failed", error },
    );
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
  asked.set(question.id, question);
  if (running !== undefined || last.get() !== undefined) void checkNow();
  return () => {
    if (asked.get(question.id) === question) asked.delete(question.id);
    tell(question.id, undefined);
  };
}

const AFTER_FIRST_PAINT_MS = 1_000;
const TOGETHER_MS = 400;

/** Begins the standing check once the page stands; call it once. */
export function beginToCheck(): void {
  if (begun) return;
  begun = true;
  setTimeout(keepUp, AFTER_FIRST_PAINT_MS);
  let soon: ReturnType<typeof setTimeout> | undefined;
  hear((name) => {
    if (name !== "tip" && name !== "block" && name !== "final" && name !== "reorganised" && name !== "lagged") return;
    clearTimeout(soon);
    soon = setTimeout(keepUp, TOGETHER_MS);
  });
}
