import type { Heard } from "../node/heard";
import type { Difference } from "./difference";

/** Something that is to be compared. */
export interface Question {
  /** The answers as screens show them; asked again if `fresh`. */
  read: (fresh: boolean) => Promise<Heard[]>;
}

/** What is wrong in an answer. */
export type Look = (one: Heard) => Promise<Difference | undefined>;

/** An answer that is wrong. */
export interface Wrong {
  path: string;
  difference: Difference;
}

const ATTEMPTS = 6;
const PAUSE_MS = 200;
/** So long may an answer take. */
export const PATIENCE_MS = 10_000;

/** A worker's errors are copies, so their class tells nothing. */
export const isRulesError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && "code" in error && typeof error.code === "string";

/** It did not come in time. */
export class Late extends Error {}

export async function within<Done>(work: Promise<Done>, ms: number): Promise<Done> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`nothing came within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const pathsOf = (answers: readonly Heard[]): string[] => answers.map(({ path }) => path);

async function firstWrong(answers: readonly Heard[], look: Look): Promise<Wrong | undefined> {
  for (const one of answers) {
    const difference = await look(one);
    if (difference !== undefined) return { path: one.path, difference };
  }
  return undefined;
}

/**
 * Compares until it is sure. A block may come between the check and the answer, so a difference counts only if the chain was the
 * same before and after the node was asked again. `shown`: the first answers; `catchUp` checks what is new and gives the last block.
 * A list: the paths whose answers are right, of those that were read last. `unsure`: blocks came all the time, or the node did not give a
 * second answer.
 */
export async function compareUntilSure(
  shown: readonly Heard[],
  { read }: Question,
  look: Look,
  catchUp: () => Promise<string>,
  pause_ms = PAUSE_MS,
): Promise<Wrong | "unsure" | string[]> {
  if ((await firstWrong(shown, look)) === undefined) return pathsOf(shown);
  const tip = () => within(catchUp(), PATIENCE_MS);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await tip();
      const again = await within(read(true), PATIENCE_MS).catch(() => undefined);
      if (again === undefined) return "unsure";
      const found = await firstWrong(again, look);
      if (found === undefined) return pathsOf(again);
      if ((await tip()) === before) return found;
      await new Promise((resolve) => setTimeout(resolve, pause_ms * attempt));
    }
  } catch (error) {
    if (!(error instanceof Late)) throw error;
  }
  return "unsure";
}
