// How long the page's WebAssembly takes to check a pool: node scripts/replay.mjs FILE, a file of
// `cargo run -p bolao-browser --example season FILE` or of crates/rules/browser/vectors. Medians of some visits: the first one; one of a
// device that knows the last block; one that goes on from what the visit before has kept.
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import init, { Rules } from "../src/rules/pkg/rules.js";

const VISITS = 5;
const HEAD = 16;
const { pool, genesis, chain } = JSON.parse(readFileSync(process.argv[2], "utf8"));
await init({ module_or_path: readFileSync(new URL("../src/rules/pkg/rules_bg.wasm", import.meta.url)) });
const whole = Buffer.from(chain, "hex");
// What follows where nothing is new: the record of the tip, and an end with no block.
const nothing = Buffer.concat([
  whole.subarray(0, HEAD + 4 + whole.readUInt32LE(HEAD)),
  whole.subarray(-21, -16),
  Buffer.alloc(16),
]);

/** The milliseconds that a visit takes, and how many it takes to keep what it has read. */
function visit(bytes, seen, kept) {
  const rules = new Rules();
  const ask = (ask, about = null) => {
    const answer = JSON.parse(rules.ask(JSON.stringify({ [ask]: about })));
    if (answer.error) throw new Error(answer.error.message);
    return answer.ok;
  };
  ask("open_pool", { genesis, pool });
  const began = performance.now();
  if (kept && !rules.recall(kept)) throw new Error("what was kept is no good");
  ask("begin_part", { named: [], seen });
  for (let at = 0; at < bytes.length; at += 65536) rules.feed(bytes.subarray(at, at + 65536));
  const { checked } = ask("end_part");
  const read = performance.now();
  const keeps = rules.keep(false);
  const ended = performance.now();
  rules.free();
  return { checked, keeps, ms: read - began, keeps_ms: ended - read };
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
const figures = (ms) => ms.toFixed(ms < 10 ? 1 : 0);
const { checked, keeps } = visit(whole, null);
const seen = { height: checked.height, hash: checked.tip };
console.log(`${checked.height} blocks, ${checked.transactions} transactions, ${checked.bets} tips`);
const visits = [
  ["first visit", whole, null],
  ["with a known block", whole, seen],
];
if (keeps.length > 0) visits.push([`from ${keeps.length} bytes kept`, nothing, seen, keeps]);
let first;
for (const [name, bytes, ...from] of visits) {
  const all = Array.from({ length: VISITS }, () => visit(bytes, ...from));
  const ms = median(all.map((it) => it.ms));
  first ??= ms;
  const keeping = all[0].keeps.length > 0 ? `, kept in ${figures(median(all.map((it) => it.keeps_ms)))} ms` : "";
  console.log(`${name}: ${bytes.length} bytes, ${figures(ms)} ms, ${(ms / first).toFixed(3)} of the first${keeping}`);
}
