// What the page asks, as questions to the WebAssembly (`crates/rules/browser`): JSON for JSON. No rule stands here.

import type { Shapes } from "../node/client";
import {
  type At,
  type Before,
  type Checked,
  type Fact,
  type Invitation,
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
}

/** Asks the node. */
type Fetch = (path: string, signal?: AbortSignal) => Promise<Response>;

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

/** A trap leaves the memory in any state: the worker must end. */
function guarded(work: () => string): unknown {
  let answer: string;
  try {
    answer = work();
  } catch (error) {
    throw new RulesError("rules-ended", `the check of this page broke down: ${String(error)}`);
  }
  return opened(answer);
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
  /** The check that goes on; a second call waits for it. */
  #checking: Promise<unknown> = Promise.resolve();

  constructor(wasm: () => Promise<Wasm>, fetch: Fetch) {
    this.#wasm = wasm;
    this.#fetch = fetch;
  }

  async #ask<T>(question: string, about: object | null = null): Promise<T> {
    const wasm = await this.#wasm();
    const asked = JSON.stringify({ [question]: about }, finite);
    return guarded(() => wasm.ask(asked)) as T;
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
    return this.#ask("read_invitation", { fragment, kept: await this.#kept(read.wants) });
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
    return this.#ask("open_pool", { genesis, pool });
  }

  async said(): Promise<Shapes["SaidBody"][]> {
    return JSON.parse(await this.#ask<string>("said")) as Shapes["SaidBody"][];
  }

  wish(wish: Wish): Promise<number> {
    if (!("acts" in wish)) return this.#ask("wish", wish);
    return this.#ask("wish", { acts: wish.acts.map(({ type, ...about }) => ({ [type]: about })) });
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
    this.#checking = check.catch(() => undefined);
    return check;
  }

  /** Part after part, until the node has no more. A node whose chain changes all the time is not followed for ever. */
  async #check(before: Before, onProgress?: (progress: Progress) => void): Promise<Checked> {
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
  async #part(path: string, onProgress?: (progress: Progress) => void): Promise<boolean> {
    const wasm = await this.#wasm();
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
        if (piece.done) return true;
        const progress = guarded(() => wasm.feed(piece.value)) as Progress;
        onProgress?.(progress);
      }
    } finally {
      await reader.cancel().catch(() => undefined);
    }
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

  liveScores(body: unknown, now: number): Promise<string | null> {
    return this.#ask("live_scores", { body, now });
  }
}
