// Two workers run the rules: one holds the player's keys, the other reads what the node sends. So nothing that a node sends comes
// near the keys, and if it breaks the rules down all the same, the keys stay: that worker is ended, and the next call starts
// another.

import { type Progress, type Rules, RulesError } from "./types";

type Name = keyof Rules;
type Answer = { ok: unknown } | { code: string; message: string };

/** What a worker offers: errors are values, since they lose their fields on the way. */
export interface Answering {
  call(name: Name, given: unknown[], onProgress?: (progress: Progress) => void): Promise<Answer>;
}

/** Rules as a worker offers them. */
export function answering(rules: Rules): Answering {
  return {
    async call(name, given, onProgress) {
      try {
        const asked = Reflect.get(rules, name) as (...given: unknown[]) => Promise<unknown>;
        return { ok: await Reflect.apply(asked, rules, onProgress ? [...given, onProgress] : given) };
      } catch (error) {
        if (error instanceof RulesError) return { code: error.code, message: error.message };
        return { code: "rules-ended", message: `the rules of this page broke down: ${String(error)}` };
      }
    },
  };
}

/** A worker in use. */
export interface Started {
  rules: Answering;
  end: () => void;
  /** Settles if the worker cannot start. */
  failed: Promise<never>;
}

/** A worker that is started anew after a breakdown, with the pool that was open. */
class Restarting {
  readonly #start: () => Started;
  #started: Started | undefined;
  #pool: unknown[] | undefined;

  constructor(start: () => Started) {
    this.#start = start;
  }

  /** Loads the rules before anything is asked. */
  begin(): void {
    this.#started ??= this.#start();
  }

  /** Opens a pool, now and in every worker to come. */
  async open(pool: unknown[]): Promise<unknown> {
    const answer = await this.call("openPool", pool);
    this.#pool = pool;
    return answer;
  }

  /** The same, as soon as a worker is wanted. */
  remember(pool: unknown[]): void {
    if (this.#started !== undefined) this.open(pool).catch(() => undefined);
    this.#pool = pool;
  }

  async call(name: Name, given: unknown[], onProgress?: (progress: Progress) => void): Promise<unknown> {
    const fresh = this.#started === undefined;
    const worker = (this.#started ??= this.#start());
    const ask = async (what: Name, about: unknown[]) => {
      const answer = await Promise.race([worker.rules.call(what, about, onProgress), worker.failed]);
      if ("ok" in answer) return answer.ok;
      throw new RulesError(answer.code, answer.message);
    };
    try {
      if (fresh && this.#pool !== undefined && name !== "openPool") await ask("openPool", this.#pool);
      return await ask(name, given);
    } catch (error) {
      const told =
        error instanceof RulesError
          ? error
          : new RulesError("rules-ended", `the rules did not start: ${String(error)}`);
      if (told.code === "rules-ended" && this.#started === worker) {
        worker.end();
        this.#started = undefined;
      }
      throw told;
    }
  }
}

const OF_THE_NODE = new Set<Name>([
  "check",
  "keepBook",
  "forgetBook",
  "order",
  "begun",
  "ask",
  "linkSaid",
  "partly",
  "blocks",
  "block",
  "made",
  "verifySlip",
]);

/** The rules in two workers. `passed` hands a function over to a worker. */
export function inWorkers(
  start: () => Started,
  passed: (onProgress: (progress: Progress) => void) => (progress: Progress) => void,
): Rules {
  const keys = new Restarting(start);
  const node = new Restarting(start);
  const call = async (name: Name, given: unknown[]): Promise<unknown> => {
    if (OF_THE_NODE.has(name)) {
      const last = given.at(-1);
      if (typeof last !== "function") return node.call(name, given);
      return node.call(name, given.slice(0, -1), passed(last as (progress: Progress) => void));
    }
    if (name !== "openPool") return keys.call(name, given);
    const opened = keys.open(given);
    // The node's book is read next: both workers load at once.
    node.begin();
    const answer = await opened;
    node.remember(given);
    return answer;
  };
  return new Proxy({} as Rules, {
    get: (_, name) =>
      // What a promise gives must not look like a promise.
      name === "then" ? undefined : (...given: unknown[]) => call(name as Name, given),
  });
}
