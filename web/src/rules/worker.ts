// A worker: it runs the rules, draws what is random, and fetches the chain.

import { expose } from "comlink";

import { inHost } from "../device/address";
import init, { Rules as Wasm } from "./pkg/rules.js";
import wasm from "./pkg/rules_bg.wasm?url";
import { Session } from "./session";
import { shelfOf } from "./shelf";
import { answering } from "./workers";

/** Below which path it asks: that of the page which it belongs to, or the one that its name says. */
const below = self.name === "" ? inHost("") : self.name.replace(/\/$/, "");

const ready = init({ module_or_path: new URL(wasm, self.location.href) }).then(() => {
  const rules = new Wasm();
  // Without TLS anybody in some network may once have written on this device: what is kept is read as if a node sent it.
  if (self.location.protocol !== "https:") rules.keep_blocks();
  return rules;
});

expose(
  answering(
    new Session(
      () => ready,
      // What the browser has kept is no answer: the node may say another thing now.
      (path, signal) => fetch(below + path, { signal, cache: "no-store" }),
      // Its name has the hash of its bytes.
      shelfOf(wasm, below),
    ),
  ),
);
