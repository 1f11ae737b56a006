// @vitest-environment node
// The WebAssembly itself, asked as the worker asks it, about pools as nodes answered (`crates/rules/browser/vectors`).
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import init, { Rules as Wasm } from "./pkg/rules.js";
import { realRules, signed } from "../test/rules";
import { Session, type Shelf } from "./session";
import { type Act, type Checked, type Place, RulesError } from "./types";
import { answering, inWorkers, type Started } from "./workers";

interface Recorded {
  said: unknown;
  pool: string;
  genesis_bytes: string;
  chain: string;
  answers: { path: string; tip: string; final: number | null; text: string }[];
}

const here = (path: string) => new URL(path, import.meta.url);
const read = (name: string) =>
  JSON.parse(readFileSync(here(`../../../crates/rules/browser/vectors/${name}.json`), "utf8")) as Recorded;
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));

beforeAll(async () => {
  await init({ module_or_path: readFileSync(here("./pkg/rules_bg.wasm")) });
});

function sessionOf(fetch: (path: string) => Promise<Response>, shelf?: Shelf): Session {
  const wasm = Promise.resolve(new Wasm());
  return new Session(() => wasm, fetch, shelf);
}

/** Before the matches that are still to come. */
const AT = { now: 2_000_000_000, final: null, live: [] };
const NOTHING = { named: [], seen: null, best: null };

async function checked(name: string): Promise<{ recorded: Recorded; session: Session; found: Checked }> {
  const recorded = read(name);
  const session = sessionOf(() => Promise.resolve(new Response(bytes(recorded.chain))));
  await session.openPool(recorded.genesis_bytes, recorded.pool);
  return { recorded, session, found: await session.check(NOTHING) };
}

describe.each(["open", "sealed", "pos", "hybrid"])("the pool %s", (name) => {
  it("has its rules said as an honest node says them", async () => {
    const { recorded, session } = await checked(name);
    expect(await session.said()).toEqual(recorded.said);
  });

  it("is replayed, and makes every answer of an honest node", async () => {
    const { recorded, session, found } = await checked(name);
    expect(found.tip).toBe(recorded.answers[0]?.tip);
    for (const { path, final, text } of recorded.answers)
      expect(await session.ask(path, { ...AT, final }), path).toBe(text);
  });

  it("answers nothing that the chain alone does not say, and tells what it has not from what cannot be read", async () => {
    const { session } = await checked(name);
    expect(await session.ask("/api/v1/status", AT)).toBeNull();
    await expect(session.ask("/api/v1/matches/nonsense", AT)).rejects.toMatchObject({ code: "not-found" });
    await expect(session.ask("/api/v1/matches?limit=x", AT)).rejects.toMatchObject({ code: "bad-request" });
  });

  it("takes no live scores that are none", async () => {
    const { session } = await checked(name);
    expect(await session.partly("/api/v1/live", { items: [] }, AT.now)).toBe(true);
    // What no reader takes, and what JSON has no number for, is no reason to compare nothing.
    for (const items of [JSON.parse("[".repeat(300) + "]".repeat(300)) as unknown, [{ home: Infinity }]])
      await expect(session.partly("/api/v1/live", { items }, AT.now)).rejects.toMatchObject({ code: "bad-answer" });
  });
});

describe("names, which the browser normalizes", () => {
  const vectors = (name: string): unknown =>
    JSON.parse(readFileSync(here(`../../../crates/rules/ledger/vectors/${name}.json`), "utf8"));
  const folded = (wasm: Wasm, name: string) =>
    (JSON.parse(wasm.ask(JSON.stringify({ check_name: { name } }))) as { ok?: string }).ok;
  const digest = (names: Iterable<string>) => {
    const wasm = new Wasm();
    const hash = createHash("sha256");
    for (const name of names) hash.update(`${folded(wasm, name) ?? "-"}\n`);
    return hash.digest("hex");
  };

  it("fold as a node folds them", () => {
    interface Names {
      accepted: { input: string; folded: string }[];
      refused: string[];
    }
    const { accepted, refused } = vectors("names") as Names;
    const wasm = new Wasm();
    for (const { input, folded: form } of accepted) expect(folded(wasm, input), input).toBe(form);
    for (const input of refused) expect(folded(wasm, input), input).toBeUndefined();
  }, 30_000);

  it("fold as a node folds them, with every character and marks in every order", () => {
    const { end, characters, bases, marks, marked } = vectors("names-on-the-web") as Record<string, string> & {
      end: number;
    };
    function* each() {
      for (let code = 0; code < end; code += 1)
        if (code < 0xd800 || code > 0xdfff) yield `x${String.fromCodePoint(code)}`;
    }
    function* orders() {
      for (const base of bases ?? "")
        for (const one of marks ?? "")
          for (const two of marks ?? "") for (const three of marks ?? "") yield base + one + two + three;
    }
    expect(digest(each())).toBe(characters);
    expect(digest(orders())).toBe(marked);
  });
});

it("an account's next act follows those in the book and those that it has signed", async () => {
  const recorded = read("pos");
  const session = sessionOf(() => Promise.resolve(new Response(bytes(recorded.chain))));
  await session.openPool(recorded.genesis_bytes, recorded.pool);
  const { account } = await session.newKeys();
  const { transaction } = await signed(session, 0, { acts: [{ type: "join", name: "Ana" }] });
  await expect(session.order(account, [])).rejects.toMatchObject({ code: "no-check" });
  await session.check(NOTHING);
  expect(await session.order(account, [])).toEqual({ booked: 0, next: 0, whole: true });
  expect(await session.order(account, ["no", transaction])).toEqual({ booked: 0, next: 1, whole: true });
});

describe("a lying or broken node", () => {
  const refused = async (session: Session, named: Place[] = []) => {
    const recorded = read("pos");
    await session.openPool(recorded.genesis_bytes, recorded.pool);
    const error: unknown = await session.check({ ...NOTHING, named }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(RulesError);
    return error as RulesError;
  };
  const recorded = read("pos");
  const giving = (chain: Uint8Array<ArrayBuffer>) => sessionOf(() => Promise.resolve(new Response(chain)));

  it("cannot forge a certificate", async () => {
    const chain = bytes(recorded.chain);
    // The last record but one is the last certificate; the end is 4 + 17 bytes long.
    const at = chain.length - 21 - 1;
    chain[at] = (chain[at] ?? 0) ^ 1;
    const error = await refused(giving(chain));
    expect(error.code).toBe("broken-chain");
    expect(error.message).toMatch(/block \d+: the signature of the validator key .+ is invalid/);
  });

  it("cannot cut the chain off, nor send noise", async () => {
    expect((await refused(giving(bytes(recorded.chain).slice(0, -1)))).code).toBe("cut-off");
    expect((await refused(giving(new Uint8Array(100)))).code).toBe("bad-part");
    expect((await refused(sessionOf(() => Promise.reject(new Error("away"))))).code).toBe("away");
    expect((await refused(sessionOf(() => Promise.resolve(new Response("", { status: 500 }))))).code).toBe("away");
  });

  it("cannot show another history than the named one", async () => {
    const error = await refused(giving(bytes(recorded.chain)), [{ height: 2, hash: "7".repeat(64) }]);
    expect(error.code).toBe("other-history");
  });

  it("is not followed for ever", async () => {
    const error = await refused(sessionOf(() => Promise.resolve(new Response(null, { status: 409 }))));
    expect(error.code).toBe("unsettled");
  });

  it("is asked only for what is new, and for all again where it changed its history", async () => {
    const asked: string[] = [];
    const session = sessionOf((path) => {
      asked.push(path);
      const changed = path.includes("above=");
      return Promise.resolve(changed ? new Response(null, { status: 409 }) : new Response(bytes(recorded.chain)));
    });
    await session.openPool(recorded.genesis_bytes, recorded.pool);
    const found = await session.check(NOTHING);
    expect(await session.check(NOTHING)).toEqual(found);
    const { height, tip } = found;
    expect(asked).toEqual([
      "/api/v1/chain?proven=0",
      `/api/v1/chain?proven=${height.toString()}&above=${tip}`,
      "/api/v1/chain?proven=0",
    ]);
  });
});

describe("what a device keeps", () => {
  const recorded = read("pos");
  const chain = bytes(recorded.chain);
  let on: Uint8Array | undefined;
  const shelf: Shelf = {
    read: () => Promise.resolve(on),
    write: (kept) => Promise.resolve(void (on = kept)),
    clear: () => Promise.resolve((on = undefined)),
  };
  let asked: string[];
  /** What a node sends to who has everything: the record of its tip, and an end without blocks. */
  const nothing = () => {
    const head = 20 + new DataView(chain.buffer).getUint32(16, true);
    const end = chain.slice(-21);
    return new Blob([chain.slice(0, head), end.slice(0, 5), new Uint8Array(16)]);
  };
  const answers = (path: string): Response => new Response(path.includes("above=") ? nothing() : chain);
  const visit = async (answer = answers): Promise<Session> => {
    asked = [];
    const session = sessionOf((path) => {
      asked.push(path);
      return Promise.resolve(answer(path));
    }, shelf);
    await session.openPool(recorded.genesis_bytes, recorded.pool);
    return session;
  };
  let found: Checked;
  const seen = () => ({ ...NOTHING, seen: { height: found.final, hash: found.final_hash } });
  const fromGenesis = "/api/v1/chain?proven=0";

  beforeEach(async () => {
    on = undefined;
    const session = await visit();
    found = await session.check(NOTHING);
    await session.keepBook(false);
    expect(on).toBeDefined();
  });

  it("is where the next visit goes on, once", async () => {
    const session = await visit();
    expect(await session.check(seen())).toEqual(found);
    const above = `/api/v1/chain?proven=${found.final.toString()}&above=${found.tip}`;
    expect(asked).toEqual([above]);
    for (const { path, final, text } of recorded.answers)
      expect(await session.ask(path, { ...AT, final }), path).toBe(text);
    on = undefined;
    // Nothing is new.
    await session.keepBook(true);
    expect(on).toBeUndefined();
    expect(await session.check(seen())).toEqual(found);
    expect(asked).toEqual([above, above]);
  });

  it("counts for nothing where everything is to be checked again, and is replaced then", async () => {
    const session = await visit();
    const before = on;
    await session.check({ ...NOTHING, named: [seen().seen] });
    expect(asked).toEqual([fromGenesis]);
    on = undefined;
    await session.keepBook(true);
    expect(on).toEqual(before);
  });

  it("is thrown away where it was changed", async () => {
    const changed = Uint8Array.from(on ?? []);
    changed[changed.length >> 1] = (changed[changed.length >> 1] ?? 0) ^ 1;
    on = changed;
    const session = await visit();
    expect(await session.check(seen())).toEqual(found);
    expect(asked).toEqual([fromGenesis]);
    expect(on).toBeUndefined();
    await session.keepBook(true);
    expect(on).toBeDefined();
  });

  it("hides no other history, and goes with it", async () => {
    const session = await visit((path) =>
      path.includes("above=") ? new Response(null, { status: 409 }) : answers(path),
    );
    expect(await session.check(seen())).toEqual(found);
    expect(asked.at(-1)).toBe(fromGenesis);
    found = { ...found, final_hash: "7".repeat(64) };
    const other = await visit();
    await expect(other.check(seen())).rejects.toMatchObject({ code: "other-history" });
    expect(asked).toEqual([fromGenesis]);
    await vi.waitFor(() => expect(on).toBeUndefined(), 10_000);
    await other.keepBook(true);
    expect(on).toBeUndefined();
  });

  it("goes when it is to be forgotten, and when the rules break down", async () => {
    const session = await visit();
    await session.check(NOTHING);
    await session.forgetBook();
    await session.keepBook(true);
    expect(on).toBeUndefined();
    on = chain;
    const trap = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    const broken = new Session(
      () => Promise.resolve({ ask: trap, feed: trap, read_block: trap, recall: trap, keep: trap }),
      () => Promise.reject(new Error("nothing is asked")),
      shelf,
    );
    await expect(broken.check(seen())).rejects.toMatchObject({ code: "rules-ended" });
    expect(on).toBeUndefined();
  });
});

describe("keys", () => {
  const session = () => sessionOf(() => Promise.reject(new Error("nothing is asked")));

  it("come back from their words and from what was kept, within a second", async () => {
    const rules = session();
    const made = await rules.newKeys();
    const words = await rules.words();
    expect(words).toHaveLength(24);
    expect(await session().restoreKeys(words.join(" "))).toEqual(made);
    const kept = await rules.keepKeys("segredo");
    const began = performance.now();
    expect(await session().openKeys(kept, "segredo")).toEqual(made);
    expect(performance.now() - began).toBeLessThan(2000);
    await expect(session().openKeys(kept, "wrong")).rejects.toMatchObject({ code: "wrong-passphrase" });
    await expect(session().words()).rejects.toMatchObject({ code: "no-keys" });
    expect((await session().newKeys()).account).not.toBe(made.account);
  });

  it("sign what the node takes, and seal so that the words alone open it", async () => {
    const rules = session();
    const recorded = read("sealed");
    expect(await rules.openPool(recorded.genesis_bytes, recorded.pool)).toMatchObject({
      bets: "sealed",
      id: recorded.pool,
    });
    await rules.newKeys();
    const seal = await signed(rules, 4, {
      tips: [{ match_no: 3, prediction: { score: { home: 2, away: 1 } }, stake: 5 }],
    });
    expect(seal.transaction).toMatch(/^[0-9a-f]{200,}$/);
    const [tip] = (seal.action as { tips: [{ commitment: string }] }).tips;
    const [opening] = await rules.openings([{ match_no: 3, nonce: 4, commitment: tip.commitment }]);
    expect(opening?.prediction).toEqual({ score: { home: 2, away: 1 } });
    const { whole } = await rules.invite(3, 2_000_000_000, null);
    expect(await rules.readInvitation(`#${whole}`)).toMatchObject({
      pool: recorded.pool,
      ticket: { uses: 3 },
      text: whole,
    });
  });

  it("sign the acts of pages, and no other", async () => {
    const { rules } = await realRules();
    const vectors = JSON.parse(
      readFileSync(here("../../../crates/rules/ledger/vectors/actions.json"), "utf8"),
    ) as Record<string, { is_of_pages: boolean; transaction: { body: { action: Act } } }>;
    expect(vectors).not.toEqual({});
    for (const [name, { is_of_pages, transaction }] of Object.entries(vectors)) {
      const begun = rules.wish({ acts: [transaction.body.action] });
      if (is_of_pages || name === "join") await expect(begun).resolves.toBeTypeOf("number");
      else await expect(begun).rejects.toMatchObject({ message: `\`${name}\` is no act of a page` });
    }
  });

  it("read a short invitation by what the node has for it, and nothing else that it gives", async () => {
    const recorded = read("pos");
    const asked: string[] = [];
    let answer = (): Response => Response.error();
    const rules = sessionOf((path) => {
      asked.push(path);
      return Promise.resolve(answer());
    });
    await rules.openPool(recorded.genesis_bytes, recorded.pool);
    await rules.newKeys();
    const made = await rules.invite(3, 2_000_000_000, null);
    const other = await rules.invite(4, 2_000_000_000, null);
    expect(made.short).toHaveLength(44);
    const gives = (body: object, status = 200) => {
      answer = () => Response.json(body, { status });
      return rules.readInvitation(`#${made.short}`);
    };
    expect(await gives({ invitation: made.kept })).toMatchObject({ ticket: { uses: 3 }, text: made.whole });
    expect(asked).toEqual([expect.stringMatching(/^\/api\/v1\/invitations\/bolao1[0-9a-z]+$/)]);
    for (const lie of [{ invitation: other.kept }, { invitation: "" }, {}]) {
      await expect(gives(lie)).rejects.toMatchObject({ code: "other-invitation" });
    }
    await expect(gives({ detail: "not here" }, 404)).rejects.toMatchObject({ code: "unknown-invitation" });
    await expect(gives({}, 500)).rejects.toMatchObject({ code: "away" });
    for (const status of [429, 503])
      await expect(gives({}, status)).rejects.toMatchObject({ code: "busy", busy: true });
    await expect(rules.readInvitation(`#${made.short.slice(1)}`)).rejects.toMatchObject({ code: "bad-invitation" });
  });
});

describe("the workers", () => {
  it("keep the keys apart from what the node sends, and start anew after a breakdown", async () => {
    const recorded = read("pos");
    let started = 0;
    let ended = 0;
    let broken = true;
    const start = (): Started => {
      started += 1;
      const wasm = Promise.resolve(new Wasm());
      const fetch = () => Promise.resolve(new Response(bytes(recorded.chain)));
      const trap = {
        ask: () => "",
        feed: () => "",
        read_block: () => "",
        recall: () => false,
        keep: () => new Uint8Array(),
      };
      trap.ask = () => {
        throw new WebAssembly.RuntimeError("unreachable");
      };
      const second = started === 2 && broken;
      return {
        rules: answering(new Session(() => (second ? Promise.resolve(trap) : wasm), fetch)),
        failed: new Promise(() => undefined),
        end: () => {
          ended += 1;
        },
      };
    };
    const rules = inWorkers(start, (onProgress) => onProgress);
    const made = await rules.newKeys();
    await rules.openPool(recorded.genesis_bytes, recorded.pool);
    await expect(rules.check(NOTHING)).rejects.toMatchObject({ code: "rules-ended" });
    expect(ended).toBe(1);
    broken = false;
    const seen: number[] = [];
    const found = await rules.check(NOTHING, ({ height }) => seen.push(height));
    expect(found.height).toBe(seen.at(-1));
    expect(started).toBe(3);
    const join = await signed(rules, 0, { acts: [{ type: "join", name: "Ana" }] });
    expect(join.id).toMatch(/^[0-9a-f]{64}$/);
    expect(made.account).toMatch(/^bolao1/);
  });
});

describe("blocks", () => {
  /** The rules with a pool read, whose node then sends `part` as what follows a block. */
  async function reading(name: string, part?: (chain: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>) {
    const chain = bytes(read(name).chain);
    const paths: string[] = [];
    const session = sessionOf((path) => {
      paths.push(path);
      // The node has no part that begins at the first block but the whole.
      const sent = paths.length === 1 ? chain : (part?.(chain) ?? chain);
      return Promise.resolve(new Response(sent));
    });
    await session.openPool(read(name).genesis_bytes, read(name).pool);
    await session.check(NOTHING);
    return { session, paths };
  }

  it.each(["open", "pos", "hybrid"])("are those that were replayed, in the pool %s", async (name) => {
    const { session } = await reading(name);
    const all = await session.blocks(null, 500);
    expect(all.at(-1)).toMatchObject({ height: 0, previous: null, transactions: 0 });
    expect(all[0]?.next).toBeNull();
    expect(await session.blocks(all[0]?.height ?? 0, 1)).toEqual([all[1]]);
    for (const block of all) {
      expect(await session.block(block.hash)).toEqual(block);
      expect(await session.block(String(block.height))).toEqual(block);
    }
    expect(await session.block("f".repeat(64))).toBeNull();
  });

  it("say who made and confirmed them by the bytes that the node sends again, and by no others", async () => {
    const { session, paths } = await reading("pos");
    expect(await session.made({ height: 1, previous: "x" })).toMatchObject({ signers: [{ name: "Org1" }] });
    expect(paths.at(-1)).toBe("/api/v1/chain?proven=0");
    // What follows another block is no proof for this one.
    await expect(session.made({ height: 2, previous: "x" })).rejects.toMatchObject({ code: "broken-chain" });
    expect(paths.at(-1)).toBe("/api/v1/chain?proven=1&above=x");
    const forged = await reading("pos", (chain) => {
      const other = chain.slice();
      // Within the first block, which follows the record of the chain's end.
      other[300] = (other[300] ?? 0) ^ 1;
      return other;
    });
    await expect(forged.session.made({ height: 1, previous: "x" })).rejects.toMatchObject({ code: "broken-chain" });
    const gone = sessionOf(() => Promise.resolve(new Response(null, { status: 409 })));
    expect(await gone.made({ height: 1, previous: null })).toBeNull();
  });
});
