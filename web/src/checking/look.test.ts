// @vitest-environment node
import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import type { Heard } from "../node/heard";
import init, { Rules as Wasm } from "../rules/pkg/rules.js";
import { Session } from "../rules/session";
import { lookBy } from "./look";

const here = (path: string) => new URL(path, import.meta.url);
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

interface Recorded {
  pool: string;
  genesis_bytes: string;
  chain: string;
  answers: { path: string }[];
}

const NOW_S = 2_000_000_000;
const said = (path: string, text: string): Heard => ({
  path,
  schemaPath: path,
  text,
  tip: undefined,
  now_s: NOW_S,
  final: undefined,
  sent_ms: 0,
  came_s: NOW_S,
});

/** Every place in an answer, as a way through it. */
function ways(it: unknown, way: string[] = []): string[][] {
  if (typeof it !== "object" || it === null) return [way];
  return Object.entries(it).flatMap(([name, part]) => ways(part, [...way, name]));
}

/** The same with another value at a place. */
function changed(text: string, way: readonly string[]): string {
  const answer = JSON.parse(text) as Record<string, unknown>;
  const last = way.at(-1) ?? "";
  const part = way.slice(0, -1).reduce((it, name) => it[name] as Record<string, unknown>, answer);
  part[last] = typeof part[last] === "number" ? part[last] + 1 : "another";
  return JSON.stringify(answer);
}

/** The same with other rows in one of its lists: dropped, doubled, swapped, emptied. */
function withOtherRows(text: string): string[] {
  const lists = [...text.matchAll(/"(\w+)":\[/g)].map(([, name = ""]) => name);
  const lies: ((rows: unknown[]) => void)[] = [
    (rows) => rows.splice(rows.length >> 1, 1),
    (rows) => rows.push(structuredClone(rows[0])),
    (rows) => rows.push(...rows.splice(0, rows.length - 1)),
    (rows) => rows.splice(0),
  ];
  const find = (it: unknown, name: string): unknown[] | undefined => {
    if (typeof it !== "object" || it === null) return undefined;
    const own = (it as Record<string, unknown>)[name];
    if (Array.isArray(own) && own.length > 0) return own as unknown[];
    for (const part of Object.values(it)) {
      const found = find(part, name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return [...new Set(lists)].flatMap((name) =>
    lies.flatMap((lie) => {
      const answer = JSON.parse(text) as unknown;
      const rows = find(answer, name);
      if (rows !== undefined) lie(rows);
      const other = JSON.stringify(answer);
      return other === JSON.stringify(JSON.parse(text)) ? [] : [other];
    }),
  );
}

beforeAll(async () => {
  await init({ module_or_path: readFileSync(here("../rules/pkg/rules_bg.wasm")) });
});

describe.each(["open", "sealed", "pos", "hybrid"])("the pool %s", (name) => {
  async function checked() {
    const path = here(`../../../crates/rules/browser/vectors/${name}.json`);
    const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;
    const wasm = Promise.resolve(new Wasm());
    const rules = new Session(
      () => wasm,
      () => Promise.resolve(new Response(bytes(recorded.chain))),
    );
    await rules.openPool(recorded.genesis_bytes, recorded.pool);
    await rules.check({ named: [], seen: null, best: null });
    const at = { now: NOW_S, final: null, live: [] };
    const own = async (path: string) => [path, (await rules.ask(path, at)) ?? ""] as const;
    const paths = [...recorded.answers.map(({ path }) => path), "/api/v1/pool", "/api/v1/transactions?limit=500"];
    return { look: lookBy(rules), answers: await Promise.all(paths.map(own)) };
  }

  it("finds nothing in an honest answer, and every changed field of each", async () => {
    const { look, answers } = await checked();
    for (const [path, text] of answers) {
      expect(text, path).not.toBe("");
      expect(await look(said(path, text)), path).toBeUndefined();
      // Of each name the first and the last.
      const all = ways(JSON.parse(text)).filter((way) => way.length > 0);
      const places = [...new Map([...all, ...all.toReversed()].map((way) => [way.at(-1), way])).values()];
      const last = [...new Map(all.map((way) => [way.at(-1), way])).values()];
      for (const way of [...places, ...last]) {
        const found = await look(said(path, changed(text, way)));
        expect(found?.sentence, `${path} ${way.join("/")}`).toMatch(/^This computer .+(chain|chain\.)/);
      }
    }
  });

  it("finds rows that are dropped, doubled, swapped, and lists that are emptied", async () => {
    const { look, answers } = await checked();
    let told = 0;
    for (const [path, text] of answers)
      for (const lie of withOtherRows(text)) {
        expect(await look(said(path, lie)), `${path} ${lie}`).toBeDefined();
        told += 1;
      }
    expect(told).toBeGreaterThan(300);
  });

  it("finds a page that is cut off, and one that the chain has not", async () => {
    const { look, answers } = await checked();
    for (const [path, text] of answers) expect(await look(said(path, text.slice(0, -1))), path).toBeDefined();
    expect(await look(said("/api/v1/matches/nonsense", "{}"))).toMatchObject({
      sentence: "This computer shows /api/v1/matches/nonsense, which is not in the chain.",
    });
  });
});

it("says nothing of what is the node's own word", async () => {
  const look = lookBy({ ask: () => Promise.resolve(null), partly: () => Promise.resolve(null) });
  expect(await look(said("/api/v1/status", "{}"))).toBeUndefined();
});
