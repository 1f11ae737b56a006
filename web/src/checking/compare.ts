import type { Compared, Difference, Rules } from "../rules";

type Of = Parameters<Rules["compare"]>[0];

/** Answers of the node that are to be compared. */
export interface Question {
  id: string;
  /** The answers as screens show them; asked again if `fresh`. */
  read: (fresh: boolean) => Promise<{ of: Of; body: unknown }[]>;
}

const ATTEMPTS = 4;
const PAUSE_MS = 250;

/**
 * Compares until it is sure. A block may come between the check and the answer, so a difference counts only if it is still
 * there after this browser has caught up and asked again.
 */
export async function compareUntilSure(
  rules: Pick<Rules, "compare">,
  question: Question,
  catchUp: () => Promise<void>,
  pause_ms = PAUSE_MS,
): Promise<Difference | undefined> {
  let found: Difference | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (attempt > 0) {
      await new Promise((resolve) => setTimeout(resolve, pause_ms * attempt));
      await catchUp();
    }
    let other: Compared | undefined;
    for (const { of, body } of await question.read(attempt > 0)) {
      const compared = await rules.compare(of, body);
      if (compared.state !== "equal") {
        other = compared;
        break;
      }
    }
    if (other === undefined) return undefined;
    if (other.state === "different") found = other.difference;
  }
  return found;
}
