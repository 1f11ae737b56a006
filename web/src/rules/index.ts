// The pool's own rules in the browser: the ledger, compiled to WebAssembly, in workers. `crates/rules/browser` is the other half.

import { proxy, wrap } from "comlink";

import { idle } from "../device/idle";
import type { Rules } from "./types";
import { type Answering, inWorkers, type Started } from "./workers";

export * from "./types";

/** A worker of the page's own pool, or of the one whose page lies at another path of this host, which is its name. */
function start(path = ""): Started {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module", name: path });
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => {
      reject(new Error(event.message));
    });
  });
  // Nobody may be waiting.
  failed.catch(() => undefined);
  return {
    rules: wrap<Answering>(worker),
    failed,
    end: () => {
      worker.terminate();
    },
  };
}

let rules: Promise<Rules> | undefined;

/** Starting the workers costs a phone a second: what is about to be drawn goes first. */
const IDLE_MS = 1_000;

/** The rules: workers start with the first question. */
export function load(): Promise<Rules> {
  rules ??= idle(IDLE_MS).then(() => inWorkers(() => start(), proxy));
  return rules;
}

/** The rules for the pool whose page lies at another path of this host, such as `/p/office/`, in workers of their own, and what ends these. */
export function loadAt(path: string): { rules: Rules; end: () => void } {
  const started: Started[] = [];
  const begin = (): Started => {
    const one = start(path);
    started.push(one);
    return one;
  };
  return {
    rules: inWorkers(begin, proxy),
    end: () => {
      for (const one of started) one.end();
    },
  };
}
