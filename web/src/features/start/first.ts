// The first run of a computer without a pool: what its own server takes and answers (crates/app/bolao/src/start/README.md).

import { inHost } from "../../device/address";
import { nameHere } from "../../device/kept";
import { UNNAMED, type ListText, type Source } from "../../design/MatchSource";
import { holds } from "../../keys/signer";
import { promiseToAsk } from "../../identity/asking/promised";
import type { Features } from "../../extras/extra";
import type { Template } from "../../identity/asking/templates";
import { keepPlayer } from "../../keys/player";
import { isProblem, type Shapes } from "../../node/client";
import { nodeTime } from "../../node/clock";
import type { Competition } from "../../node/competitions";
import type { Said } from "../../rulebook/Sentences";
import { load } from "../../rules";
import type { PointKeys } from "./ways";

/** What the server says of the computer, and proposes. */
export interface Begun {
  token: string;
  url: string;
  schemes: string[];
  /** Who is to see the pool. */
  viewers: Viewers;
  rules: Rules;
}

/** Who may look at the computer's page: everybody who has its address, or players alone. */
export type Viewers = Shapes["Viewers"];

/** The keys of a file of rules that the page asks for. */
export interface Rules extends PointKeys {
  membership: "invite" | "open";
  tips: "sealed" | "open";
  opening_window?: string;
  consensus: "pos" | "hybrid";
  features?: Features;
  tie_breaks?: readonly string[] | undefined;
}

/** Matches: as they are given, or those of a competition. */
export type Fixtures = Source | { competition: string };

/** A match as it was read. */
export interface Shown {
  code: string;
  home: string;
  away: string;
  kickoff: string | null;
  date: string | null;
  /** Groups play one round of all their days. */
  round: string;
}

/** Something odd about the matches. */
export type Oddity =
  | { odd: "twice_in_a_day"; team: string; date: string; codes: string[] }
  | { odd: "same_match"; teams: [string, string]; codes: string[] }
  | { odd: "names_alike"; names: [string, string] }
  | { odd: "past" | "day_begun" | "no_time" | "no_day"; matches: number };

/** What a file holds. */
export interface Preview {
  /** Empty where the source has none. */
  name: string;
  matches: Shown[];
  /** Entries, lines and columns that are not read. */
  left_out: string[];
  /** What is doubtful about a match, in the program’s own words. */
  warnings: { code: string; says: string }[];
  odd: Oddity[];
  /** The day of the program’s own copy, where no newer list could be read. */
  copy?: string | null;
  /** The same matches as a file, to be sent back. */
  file: string;
  /** Whose matches they are, where somebody chose it. */
  competition?: Competition;
}

/** A pool that is to be made. */
export interface Wish {
  name: string;
  player: string;
  fixtures: Fixtures;
  /** Of a competition: whether its results are proposed. */
  sources?: boolean;
  viewers: Viewers;
  rules: Rules;
}

/** The player that the computer has from now on, and the page with it. */
export interface Made {
  pool: string;
  name: string;
  account: string;
  player: string | null;
  words: string;
  link?: string;
  may_enter?: boolean;
}

async function asked<Answer>(path: string, request: RequestInit): Promise<Answer> {
  const answer = await fetch(inHost(`/api/start/${path}`), request);
  const said: unknown = await answer.json().catch(() => undefined);
  if (answer.ok) return said as Answer;
  throw isProblem(said) ? said : new TypeError(`${path}: ${answer.status}`);
}

const send = <Answer>(path: string, token: string, type: string, body: string | Blob): Promise<Answer> =>
  asked(path, { method: "POST", headers: { "content-type": type, authorization: `Bearer ${token}` }, body });

const ask = <Answer>(path: string, token: string, body: unknown): Promise<Answer> =>
  send(path, token, "application/json", JSON.stringify(body));

const KEPT = nameHere("bolao.start");

function remembered(): Begun | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "null") as Begun | null;
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, only this visit has it. */
function remember(begun: Begun | null): void {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(begun));
  } catch {
    return;
  }
}

/** Takes the code out of the address, which is good once, for a token; a page that is loaded again has it still. */
export async function begin(): Promise<Begun> {
  const code = location.hash.slice(1);
  if (code === "") {
    const before = remembered();
    if (before !== null) return before;
    throw new NoCode();
  }
  const begun = await ask<Begun>("begin", code, {});
  history.replaceState(history.state, "", location.pathname);
  remember(begun);
  return begun;
}

/** The address has no code: somebody came here without `bolao start`. */
export class NoCode extends Error {}

interface Read extends Omit<Preview, "matches"> {
  matches: (Omit<Shown, "home" | "away" | "round"> & { stage: string; round: string | null; group: string | null })[];
}

/** What a place holds. Teams are called as in the file that it is written as: `W91` is one, too. */
export async function preview({ token }: Begun, source: Fixtures): Promise<Preview> {
  const read = await ask<Read>("fixtures", token, source);
  const { matches } = JSON.parse(read.file) as { matches: { team1: string; team2: string }[] };
  return {
    ...read,
    name: read.name === UNNAMED ? "" : read.name,
    matches: read.matches.map(({ code, kickoff, date, stage, ...of }, place) => {
      const { team1 = "?", team2 = "?" } = matches[place] ?? {};
      const round = of.group === null ? (of.round ?? stage) : stage;
      return { code, kickoff, date, round, home: team1, away: team2 };
    }),
  };
}

/** The text of a file of matches, and what nobody sees of it. */
export const textOf = ({ token }: Begun, file: Blob): Promise<ListText> =>
  send("text", token, "application/octet-stream", file);

/** What is played now or comes next, the best known first. */
export const competitions = ({ token }: Begun): Promise<Competition[]> =>
  asked("competitions", { headers: { authorization: `Bearer ${token}` } });

/** What is still to be played of a competition. */
export async function matchesOf(begun: Begun, competition: Competition): Promise<Preview> {
  const found = await preview(begun, { competition: competition.code });
  return { ...found, name: competition.name, competition };
}

/** The rules in plain words, as they would be. */
export async function rehearse({ token }: Begun, wish: Wish): Promise<Said> {
  await (await load()).checkName(wish.player);
  return ask("pool?dry_run=true", token, wish);
}

/** Keeps the computer's player in this browser too, so that both are one. */
async function becomePlayer(made: Made): Promise<boolean> {
  const rules = await load();
  const { account } = await rules.restoreKeys(made.words);
  holds(account);
  const keys = await rules.keepKeys("");
  const name = made.player ?? "";
  const player = { account, name, keys, locked: false, written: false, named: null };
  // The node itself lets its player in, once it runs.
  const asks = made.may_enter !== false && { asked_s: Math.floor(nodeTime() / 1000) };
  return keepPlayer(made.pool, { ...player, ...asks });
}

/** What was made, without the words, and whether this browser keeps the player. */
export interface Kept {
  pool: string;
  name: string;
  link: string | undefined;
  may_enter: boolean | undefined;
  lasting: boolean;
}

async function taken(made: Made): Promise<Kept> {
  const lasting = await becomePlayer(made);
  remember(null);
  const { pool, name, link, may_enter } = made;
  return { pool, name, link, may_enter, lasting };
}

/**
 * Asks for the player. The server ends with that answer, and nothing can be fetched until the node runs: the rules come first. They do
 * with the first question.
 */
async function become(path: string, token: string, body: unknown): Promise<Kept> {
  await (await load()).checkWords("");
  return taken(await ask(path, token, body));
}

/** Makes the pool; `asks`: the questions that it is to begin with. */
export async function make({ token }: Begun, wish: Wish, asks: readonly Template[] = []): Promise<Kept> {
  await (await load()).checkName(wish.player);
  const kept = await become("pool", token, wish);
  promiseToAsk(kept.pool, asks);
  return kept;
}

export async function joinBy({ token }: Begun, link: string, player: string): Promise<Kept> {
  await (await load()).checkName(player);
  return become("join", token, { link, player });
}

/** Waits until the pool's node has taken the place of the first run's server. */
export async function nodeAnswers(signal: AbortSignal): Promise<true> {
  for (;;) {
    const answer = await fetch(inHost("/api/v1/status"), { signal }).catch((error: unknown) => {
      if (signal.aborted) throw error;
      return undefined;
    });
    if (answer?.ok === true) return true;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
