// The pool's own rules in the browser: the ledger, compiled to WebAssembly, in workers. `crates/browser` is the other half.

import { proxy, wrap } from "comlink";

import type { Rules } from "./types";
import { type Answering, inWorkers, type Started } from "./workers";

export * from "./types";

function start(): Started {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
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

/** The rules: workers start with the first question. Call it after first paint. */
export function load(): Promise<Rules> {
  rules ??= Promise.resolve(inWorkers(start, proxy));
  return rules;
}
