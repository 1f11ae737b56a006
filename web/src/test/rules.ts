// The rules themselves, as WebAssembly, for tests of what is sent: with a recorded pool open and new keys in hand.
import { readFileSync } from "node:fs";

import init, { Rules as Wasm } from "../rules/pkg/rules.js";
import { Session } from "../rules/session";
import type { Fact, Rules, Signed, Step, Wish } from "../rules/types";

const here = (path: string) => `${import.meta.dirname}/${path}`;

interface Recorded {
  pool: string;
  genesis_bytes: string;
}

/** What the rules sign, by the bytes that a node is sent. */
export const signedBy = new Map<string, Signed>();

class Remembering extends Session {
  override async step(wish: number, fact: Fact): Promise<Step> {
    const step = await super.step(wish, fact);
    if (step.step === "send") signedBy.set(step.signed.transaction, step.signed);
    return step;
  }
}

export async function realRules(
  name = "open",
): Promise<{ rules: Rules; account: string; pool: string; genesis: Uint8Array<ArrayBuffer> }> {
  await init({ module_or_path: readFileSync(here("../rules/pkg/rules_bg.wasm")) });
  const wasm = new Wasm();
  const rules = new Remembering(
    () => Promise.resolve(wasm),
    () => Promise.reject(new TypeError("no node")),
  );
  const recorded = JSON.parse(
    readFileSync(here(`../../../crates/rules/browser/vectors/${name}.json`), "utf8"),
  ) as Recorded;
  await rules.openPool(recorded.genesis_bytes, recorded.pool);
  const { account } = await rules.newKeys();
  return { rules, account, pool: recorded.pool, genesis: Uint8Array.from(Buffer.from(recorded.genesis_bytes, "hex")) };
}

/** Signs what is wanted as for a node that names this nonce. */
export async function signed(rules: Rules, nonce: number, wish: Wish): Promise<Signed> {
  const no = await rules.wish(wish);
  await rules.step(no, "start");
  const step = await rules.step(no, { nonce: { next: nonce } });
  if (step.step !== "send") throw new Error(`nothing is to be sent: ${JSON.stringify(step)}`);
  return step.signed;
}
