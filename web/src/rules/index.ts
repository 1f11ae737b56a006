// The pool's own rules in the browser: the ledger, compiled to WebAssembly, in a worker. `crates/browser` is the other half.

import { wrap } from "comlink";

import type { Rules } from "./types";

export * from "./types";

let rules: Promise<Rules> | undefined;

/** Starts the worker, once. Call it after first paint. */
export function load(): Promise<Rules> {
  rules ??= Promise.resolve(
    wrap<Rules>(new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })) as Rules,
  );
  return rules;
}
