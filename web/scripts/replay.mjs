// How long the page's WebAssembly takes to check a pool: node scripts/replay.mjs FILE, a file of
// `cargo run -p bolao-browser --example season FILE` or of crates/rules/browser/vectors.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import init, { Rules } from "../src/rules/pkg/rules.js";

const { pool, genesis, chain } = JSON.parse(readFileSync(process.argv[2], "utf8"));
await init({ module_or_path: readFileSync(new URL("../src/rules/pkg/rules_bg.wasm", import.meta.url)) });
const bytes = Buffer.from(chain, "hex");
let seen = null;
for (let run = 0; run < 6; run += 1) {
  const rules = new Rules();
  const ask = (ask, about = null) => {
    const answer = JSON.parse(rules.ask(JSON.stringify({ [ask]: about })));
    if (answer.error) throw new Error(answer.error.message);
    return answer.ok;
  };
  ask("open_pool", { genesis, pool });
  ask("begin_part", { named: [], seen });
  const began = performance.now();
  for (let at = 0; at < bytes.length; at += 65536) rules.feed(bytes.subarray(at, at + 65536));
  const { checked } = ask("end_part");
  const ms = Math.round(performance.now() - began);
  const how = seen === null ? "first" : "again";
  console.log(`${checked.transactions} transactions, ${bytes.length} bytes, ${checked.bets} tips, ${how}: ${ms} ms`);
  if (run === 2) seen = { height: checked.height, hash: checked.tip };
}
