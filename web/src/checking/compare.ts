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

async function firstDifference(rules: Pick<Rules, "compare">, answers: Answers): Promise<Difference | undefined> {
  for (const { of, body } of answers) {
    const compared = await rules.compare(of, body);
    if (compared.state === "different") return compared.difference;
  }
  return undefined;
}

/**
 * Compares until it is sure. A block may come between the check and the answer, so a difference counts only if the chain was the
 * same before and after the node was asked again. `catchUp` checks what is new and gives the last block. `undefined`: all is equal;
 * `unsure`: blocks came all the time.
 */
export async function compareUntilSure(
  rules: Pick<Rules, "compare">,
  question: Question,
  catchUp: () => Promise<string>,
  pause_ms = PAUSE_MS,
): Promise<Difference | "unsure" | undefined> {
  if ((await firstDifference(rules, await question.read(false))) === undefined) return undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await catchUp();
    const found = await firstDifference(rules, await question.read(true));
    if (found === undefined) return undefined;
    if ((await catchUp()) === before) return found;
    await new Promise((resolve) => setTimeout(resolve, pause_ms * attempt));
  }
  return "unsure";
}
