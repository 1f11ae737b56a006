import type { Answered, Difference, Rules } from "../rules";

/** Answers of the node, and which they are. */
export type Answers = { of: Answered; body: unknown }[];

/** What is to be compared. */
export interface Question {
  id: string;
  /** The answers as screens show them; asked again if `fresh`. */
  read: (fresh: boolean) => Promise<Answers>;
}

const ATTEMPTS = 6;
const PAUSE_MS = 200;
/** So long may an answer take. */
export const PATIENCE_MS = 10_000;

/** Codes of the rules for an answer that names what the book has not, or nothing at all. */
const SENSELESS = new Set(["bad-answer", "unknown-match"]);

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

async function firstDifference(rules: Pick<Rules, "compare">, answers: Answers): Promise<Difference | undefined> {
  for (const { of, body } of answers) {
    const compared = await rules.compare(of, body).catch((error: unknown): Awaited<ReturnType<Rules["compare"]>> => {
      if (!isRulesError(error) || !SENSELESS.has(error.code)) throw error;
      return { state: "different", difference: { what: "answer", node: "", own: "", sentence: error.message } };
    });
    if (compared.state === "different") return compared.difference;
  }
  return undefined;
}

/**
 * Compares until it is sure. A block may come between the check and the answer, so a difference counts only if the chain was the
 * same before and after the node was asked again. `catchUp` checks what is new and gives the last block. `undefined`: all is equal;
 * `unsure`: blocks came all the time, or the node did not give a second answer. Throws where not even the first one came.
 */
export async function compareUntilSure(
  rules: Pick<Rules, "compare">,
  question: Question,
  catchUp: () => Promise<string>,
  pause_ms = PAUSE_MS,
): Promise<Difference | "unsure" | undefined> {
  if ((await firstDifference(rules, await within(question.read(false), PATIENCE_MS))) === undefined) return undefined;
  const tip = () => within(catchUp(), PATIENCE_MS);
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const before = await tip();
      const again = await within(question.read(true), PATIENCE_MS).catch(() => undefined);
      if (again === undefined) return "unsure";
      const found = await firstDifference(rules, again);
      if (found === undefined) return undefined;
      if ((await tip()) === before) return found;
      await new Promise((resolve) => setTimeout(resolve, pause_ms * attempt));
    }
  } catch (error) {
    if (!(error instanceof Late)) throw error;
  }
  return "unsure";
}
