// What the page asks, as questions to the WebAssembly (`crates/rules/browser`): JSON for JSON. No rule stands here.

import type { Shapes } from "../node/client";
import {
  type At,
  type Before,
  type BookBlock,
  type Checked,
  type Fact,
  type Invitation,
  type LinkSaid,
  type MadeBlock,
  type MadeInvitation,
  type Opening,
  type Order,
  type OwnSeal,
  type Place,
  type Pool,
  type Progress,
  type PushAddress,
  type Rules,
  RulesError,
  type SlipReport,
  type Step,
  type Wish,
  type WordsChecked,
} from "./types";

/** What `pkg/rules.js` exports. */
interface Wasm {
  ask(question: string): string;
  feed(piece: Uint8Array): string;
  read_block(height: number, part: Uint8Array): string;
  recall(kept: Uint8Array): boolean;
  keep(leaving: boolean): Uint8Array<ArrayBuffer>;
}

/** Asks the node. */
type Fetch = (path: string, signal?: AbortSignal) => Promise<Response>;

/** Where a device keeps what the rules have read of a book. It fails in silence: all is read again then. */
export interface Shelf {
  read(): Promise<Uint8Array | undefined>;
  write(kept: Uint8Array<ArrayBuffer>): Promise<void>;
  clear(): Promise<void>;
}

const nothing = () => Promise.resolve(undefined);
const nowhere: Shelf = { read: nothing, write: nothing, clear: nothing };

/** Codes of a book that is not as the rules have it. */
const WRONG = new Set(["broken-chain", "other-history"]);

/** So long may a part of the chain take. */
const PART_MS = 60_000;
/** And so long a short answer. */
const ASK_MS = 20_000;

type Answer = { ok: unknown } | { error: { code: string; message: string } };

function opened(answer: string): unknown {
  const read = JSON.parse(answer) as Answer;
  if ("error" in read) throw new RulesError(read.error.code, read.error.message);
  return read.ok;
}

function hex(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** JSON has no number for what is none: the rules would read that nothing is there. */
function finite(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) throw new RulesError("bad-answer", `${key}: no number`);
  return value;
}

export class Session implements Rules {
  readonly #wasm: () => Promise<Wasm>;
  readonly #fetch: Fetch;
  readonly #shelf: Shelf;
  /** What is kept may still be read; what is read may be kept. */
  #recalls = true;
  #keeps = true;
  /** The check that goes on; a second call waits for it. */
  #checking: Promise<unknown> = Promise.resolve();

  constructor(wasm: () => Promise<Wasm>, fetch: Fetch, shelf: Shelf = nowhere) {
    this.#wasm = wasm;
    this.#fetch = fetch;
    this.#shelf = shelf;
  }

  /** A trap leaves the memory in any state: the worker must end, and the next one reads all from the beginning. */
  async #run<T>(work: (wasm: Wasm) => T): Promise<T> {
    const wasm = await this.#wasm();
    try {
      return work(wasm);
    } catch (error) {
      await this.#shelf.clear();
      throw new RulesError("rules-ended", `the check of this page broke down: ${String(error)}`);
    }
  }

  async #ask<T>(question: string, about: object | null = null): Promise<T> {
    const asked = JSON.stringify({ [question]: about }, finite);
    return opened(await this.#run((wasm) => wasm.ask(asked))) as T;
  }

  newKeys(): Promise<{ account: string }> {
    return this.#ask("new_keys", { entropy: hex(32) });
  }

  checkWords(words: string): Promise<WordsChecked> {
    return this.#ask("check_words", { words });
  }

  restoreKeys(words: string): Promise<{ account: string }> {
    return this.#ask("restore_keys", { words });
  }

  keepKeys(passphrase: string): Promise<string> {
    return this.#ask("keep_keys", { passphrase, salt: hex(16), nonce: hex(24) });
  }

  openKeys(kept: string, passphrase: string): Promise<{ account: string }> {
    return this.#ask("open_keys", { kept, passphrase });
  }

  words(): Promise<string[]> {
    return this.#ask("words");
  }

  forgetKeys(): Promise<void> {
    return this.#ask("forget_keys");
  }

  async readInvitation(fragment: string): Promise<Invitation> {
    const read = await this.#ask<Invitation | { wants: string }>("read_invitation", { fragment });
    if (!("wants" in read)) return read;
    const kept = read.wants;
    const whole = await this.#ask<Invitation>("read_invitation", { fragment, kept: await this.#kept(kept) });
    return { ...whole, kept };
  }

  /** What the node has for a short invitation; nothing of it is believed here. */
  async #kept(ticket: string): Promise<string> {
    let response: Response;
    let body: unknown;
    try {
      response = await this.#fetch(`/api/v1/invitations/${ticket}`, AbortSignal.timeout(ASK_MS));
      // One that has too much to do may say so without a word.
      if (response.status === 429 || response.status === 503) throw new RulesError("busy", "the node is busy");
      body = await response.json();
    } catch (error) {
      if (error instanceof RulesError) throw error;
      throw new RulesError("away", `the node does not answer: ${String(error)}`);
    }
    if (response.status === 404) throw new RulesError("unknown-invitation", "the node does not know it");
    if (!response.ok) throw new RulesError("away", `the node answers ${response.status.toString()}`);
    const given = typeof body === "object" && body !== null && "invitation" in body ? body.invitation : undefined;
    // What is no text is not what the link stands for, either.
    return typeof given === "string" ? given : "";
  }

  openPool(genesis: string, pool: string): Promise<Pool> {
    this.#recalls = this.#keeps = true;
    return this.#ask("open_pool", { genesis, pool });
  }

  async said(): Promise<Shapes["SaidBody"][]> {
    return JSON.parse(await this.#ask<string>("said")) as Shapes["SaidBody"][];
  }

  wish(wish: Wish): Promise<number> {
    return this.#ask("wish", wish);
  }

  step(wish: number, fact: Fact): Promise<Step> {
    return this.#ask("step", { wish, fact });
  }

  openings(seals: OwnSeal[]): Promise<(Opening | null)[]> {
    return Promise.all(seals.map((seal) => this.#ask<Opening | null>("opening", seal)));
  }

  deals(seals: (OwnSeal & { round: number })[], keepers: string[]): Promise<(string | null)[]> {
    const deal = (seal: object) => this.#ask<string | null>("deal", { ...seal, keepers, entropy: hex(32) });
    return Promise.all(seals.map(deal));
  }

  subscribe(subscription: PushAddress): Promise<string> {
    return this.#ask("subscribe", { subscription });
  }

  say(text: string, at: number): Promise<string> {
    return this.#ask("say", { text, at });
  }

  invite(uses: number, expires: number, named: Place | null): Promise<MadeInvitation> {
    return this.#ask("invite", { uses, expires, named, secret: hex(16) });
  }

  checkName(name: string): Promise<string> {
    return this.#ask("check_name", { name });
  }

  verifySlip(json: string, pool: string | null): Promise<SlipReport> {
    return this.#ask("verify_slip", { json, pool });
  }

  check(before: Before, onProgress?: (progress: Progress) => void): Promise<Checked> {
    const check = this.#checking.then(() => this.#check(before, onProgress));
    this.#checking = check.catch(async (error: unknown) => {
      // The next visit sees for itself what is wrong, from the first block on.
      if (error instanceof RulesError && WRONG.has(error.code)) await this.forgetBook();
    });
    return check;
  }

  /** Goes on from what is kept, once; where this device knows of no final block, from the beginning. */
  async #recall({ seen }: Before): Promise<void> {
    const may = this.#recalls && seen !== null;
    this.#recalls = false;
    const kept = may ? await this.#shelf.read() : undefined;
    if (kept !== undefined && !(await this.#run((wasm) => wasm.recall(kept)))) await this.#shelf.clear();
  }

  async keepBook(leaving: boolean): Promise<void> {
    const kept = await this.#run((wasm) => wasm.keep(leaving));
    if (this.#keeps && kept.length > 0) await this.#shelf.write(kept);
  }

  async forgetBook(): Promise<void> {
    this.#recalls = this.#keeps = false;
    await this.#shelf.clear();
  }

  /** Part after part, until the node has no more. A node whose chain changes all the time is not followed for ever. */
  async #check(before: Before, onProgress?: (progress: Progress) => void): Promise<Checked> {
    await this.#recall(before);
    for (let again = 0; again < 4;) {
      const asked = await this.#ask<{ above: string | null; proven: number }>("begin_part", before);
      const query = new URLSearchParams({ proven: String(asked.proven) });
      if (asked.above !== null) query.set("above", asked.above);
      if (!(await this.#part(`/api/v1/chain?${query}`, onProgress))) {
        await this.#ask("begin_again");
        again += 1;
        continue;
      }
      const ended = await this.#ask<{ more: true } | { more: false; checked: Checked }>("end_part");
      if (!ended.more) return ended.checked;
    }
    throw new RulesError(
      "unsettled",
      "the node's book changed again and again while it was read: try again in a moment",
    );
  }

  /** Reads a part; `false` if the node has another history now. */
  #part(path: string, onProgress?: (progress: Progress) => void): Promise<boolean> {
    return this.#pieces(path, async (piece) => {
      const progress = opened(await this.#run((wasm) => wasm.feed(piece))) as Progress;
      onProgress?.(progress);
      return true;
    });
  }

  /** Takes a part piece by piece, for as long as more of it is wanted; `false` if the node has another history now. */
  async #pieces(path: string, take: (piece: Uint8Array) => Promise<boolean>): Promise<boolean> {
    const signal = AbortSignal.timeout(PART_MS);
    let response: Response;
    try {
      response = await this.#fetch(path, signal);
    } catch (error) {
      throw new RulesError("away", `the node does not answer: ${String(error)}`);
    }
    if (response.status === 409) return false;
    if (!response.ok || response.body === null) {
      throw new RulesError("away", `the node answers ${response.status.toString()} where its book should be`);
    }
    const reader = response.body.getReader();
    try {
      for (;;) {
        const piece = await reader.read().catch((error: unknown) => {
          throw new RulesError("cut-off", `the connection to the node broke: ${String(error)}`);
        });
        if (piece.done || !(await take(piece.value))) return true;
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  blocks(below: number | null, limit: number): Promise<BookBlock[]> {
    return this.#ask("blocks", { below, limit });
  }

  block(which: string): Promise<BookBlock | null> {
    return this.#ask("block", { which });
  }

  async made({ height, previous }: Pick<BookBlock, "height" | "previous">): Promise<MadeBlock | null> {
    const query = new URLSearchParams({ proven: String(Math.max(height - 1, 0)) });
    if (height > 1 && previous !== null) query.set("above", previous);
    let part = new Uint8Array();
    let made: MadeBlock | null = null;
    await this.#pieces(`/api/v1/chain?${query}`, async (piece) => {
      const longer = new Uint8Array(part.length + piece.length);
      longer.set(part);
      longer.set(piece, part.length);
      part = longer;
      made = opened(await this.#run((wasm) => wasm.read_block(height, part))) as MadeBlock | null;
      return made === null;
    });
    return made;
  }

  order(account: string, waiting: string[]): Promise<Order> {
    return this.#ask("order", { account, waiting });
  }

  begun(shows: number, undecided: boolean): Promise<number[]> {
    return this.#ask("begun", { shows, undecided });
  }

  ask(path: string, at: At): Promise<string | null> {
    return this.#ask("ask", { path, ...at });
  }

  linkSaid(said: LinkSaid, now: number): Promise<string | null> {
    return this.#ask("link_said", { ...said, now });
  }

  partly(path: string, body: unknown, now: number): Promise<string | true | null> {
    return this.#ask("partly", { path, body, now });
  }
}
