// What the rules in the browser take and give. Times are unix seconds, chips and points whole numbers, bytes hexadecimal,
// accounts and keys the texts that the node uses (`bolao1…`); fields are named as in the node's API. What that describes is not here.

import type { Shapes } from "../node/client";

type Score = Shapes["ScoreBody"];

export type Prediction = Shapes["PredictedBody"];

/** A tip as a player makes it. `stake` is 0 where it is for points alone. */
export interface Tip {
  match_no: number;
  prediction: Prediction;
  stake: number;
}

/** What became of a match. */
export interface Outcome {
  status: "played" | "cancelled" | "postponed" | "abandoned" | "awarded";
  half_time?: Score | null;
  after_90?: Score | null;
  after_120?: Score | null;
  shootout?: Score | null;
  advances?: "home" | "away" | null;
  reason?: string | null;
}

/** A match before it is played. */
export interface Fixture {
  no: number;
  code: string;
  home: { name: string; code?: string };
  away: { name: string; code?: string };
  kickoff?: number | null;
  stage: string;
}

/** The day of a match whose time is not known. */
export interface Day {
  begins: number;
  ends: number;
}

/** A block's place in the chain. */
export interface Place {
  height: number;
  hash: string;
}

/** A sealed tip of one's own; `nonce` is that of the transaction that sealed. */
export interface OwnSeal {
  match_no: number;
  nonce: number;
  commitment: string;
}

/** What opens a sealed tip. */
export interface Opening {
  match_no: number;
  prediction: Prediction;
  salt: string;
}

/** What every player may sign, but for tips and what opens them, by its kind. Optional rules add their own. */
export interface PlayerActs {
  /** `invitation`: the `text` of a read one, where the pool wants one. */
  join: { name: string; invitation?: string };
  object: { match_no: number; text: string };
}

/** One of these. */
export type PlayerAct = { [Type in keyof PlayerActs]: { type: Type } & PlayerActs[Type] }[keyof PlayerActs];

/** The same, with what only organisers sign, by its kind. */
export interface Act {
  type: string;
  [field: string]: unknown;
}

/** What a player wants done. */
export type Wish =
  /** Those that come too late are left out. Where the pool's tips are sealed the worker seals them: no prediction leaves it. */
  | { tips: Tip[] }
  /** What is refused is left out. */
  | { openings: Opening[] }
  /** One after the other. */
  | { acts: Act[] };

/** The next step of a wish; the next question to `step` says what came of it. */
export type Step =
  /** Ask the node for the account's next nonce, from which on so many acts are signed. */
  | { step: "nonce"; acts: number }
  /** Ask the node what it would say of these. */
  | { step: "try"; transactions: Shapes["ProposalBody"][] }
  /** Send it. */
  | { step: "send"; signed: Signed }
  | { step: "pause"; ms: number }
  | { step: "done"; left_out: LeftOut[] }
  /** What was sent before stays sent. */
  | { step: "refused"; problem: Why };

/** What came of a step. */
export type Fact =
  | "start"
  | "taken"
  | "passed"
  | { nonce: { next: number } }
  | { verdicts: { of: Shapes["VerdictBody"][] } }
  | { refused: { problem: Why } };

/** A refusal of the node's, as far as it is looked at. */
export interface Why {
  code: string;
  detail: string;
  status?: number;
}

/** A tip, or what opens one, that the rules refused; the others were sent. */
export interface LeftOut {
  match_no: number;
  code: string | null;
}

/** A signed transaction: `transaction` goes to `POST /api/v1/transactions` as it is. */
export interface Signed {
  id: string;
  nonce: number;
  transaction: string;
  /** What was signed, as the node's dry run takes it. */
  action: unknown;
  /** Whether it counts only before betting ends: it is kept, to be handed over again where the node has lost it. */
  lapses: boolean;
}

/** What somebody typed as their words. */
export type WordsChecked =
  | { ok: true; account: string }
  | {
      ok: false;
      problem: "count" | "unknown" | "checksum";
      /** The first wrong word, counted from 1, with words of the list that look like it. */
      position?: number;
      word?: string;
      near: string[];
      message: string;
    };

/** What an invitation link says. */
export interface Invitation {
  pool: string;
  /** A final block that the pool must hold. */
  named: Place | null;
  /** Absent where anybody may join. */
  ticket: { organiser: string; uses: number; expires: number } | null;
  /** All of it, to join by; with the ticket's secret. */
  text: string;
  /** The ticket by which the node keeps it, where the link is short. */
  kept?: string;
}

/** This device's address for push messages, with its keys. */
export interface PushAddress {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** An invitation that was just made: what stands after `#` in its link. */
export interface MadeInvitation {
  /** Where the link's node has `kept`. */
  short: string;
  /** For `POST /api/v1/invitations`. */
  kept: string;
  /** Where it has not. */
  whole: string;
}

/** A pool's rules, whose hash is its id. */
export interface Pool {
  id: string;
  name: string;
  created: number;
  consensus: "pow" | "hybrid" | "pos";
  membership: "open" | "invite";
  bets: "open" | "sealed";
  starting_chips: number;
  stake_min: number;
  stake_max: number;
  deadline_lead_s: number;
  opening_window_s: number;
  dispute_window_s: number;
  organisers: string[];
  /** Those that it began with. */
  matches: Fixture[];
  /** The genesis file's `rules`. */
  rules: unknown;
}

/** What a receipt (slip) proves. */
export interface SlipReport {
  pool: string;
  pool_name: string;
  id: string;
  account: string;
  /** What it predicts: `says` is `null` where that is sealed; `predicted.through`, the team that it names to go on, where it names one. */
  tips: { no: number; says: string | null; predicted: { through?: "home" | "away" }; stake: number }[];
  /** Whether it places tips, which a later one can replace, and does not open them. */
  places: boolean;
  block: string;
  height: number;
  /** The block's time, and the pool's time by which deadlines are judged. */
  time: number;
  clock: number;
  /** The latest time of all blocks that it shows: one from the future is worth nothing. */
  newest: number;
  proven:
    | { by: "votes"; signed: number; signers: number; validators: number; weight: number; total: number }
    | { by: "work"; tip: string; height: number; blocks_above: number };
  /** Whether it is in the book that this device has read. */
  answer: "in_chain" | "not_in_chain" | "not_compared";
  /** The matches of which its tips came too late and do not count, by that book; `null` where that does not hold it. */
  void: number[] | null;
  /** Its place beside the book that this device has read; `null` where nothing of the pool was read. */
  own: Beside | null;
  /** The fewest validators who could have made it at any time, as far as it is known here; `null` where nobody could. */
  could_have_made: Deciders | null;
  matches: Fixture[];
}

/** A sentence about a link of the pool, whose it is said to be, and when it was signed (unix seconds). */
export interface LinkSaid {
  text: string;
  account: string;
  at: number;
  signature: string;
}

/** A receipt's block beside the book that this device has read. */
export type Beside =
  | { is: "held" }
  /** The book has another final block at this height, under it or in its place. */
  | { is: "refuted"; height: number }
  /** Others vote after this height than by the book. */
  | { is: "other-validators"; height: number }
  /** The book has another block in its place, which is not final. */
  | { is: "branched" }
  /** The book as it was read ends at this height, below it. */
  | { is: "above"; height: number };

/** Validators who decided on blocks of a receipt: so few of them are enough. */
export interface Deciders {
  accounts: { account: string; name: string | null; organiser: boolean }[];
  validators: number;
  first_block: number;
  last_block: number;
}

/** How far the check has come. */
export interface Progress {
  height: number;
  /** The node's tip. */
  of: number;
}

/** The pool as this browser computed it itself. */
export interface Checked {
  tip: string;
  height: number;
  /** The highest block that is proven final here; 0 is genesis. To be kept, and given to the next `check` as `seen`. */
  final: number;
  final_hash: string;
  /** Of the whole book, in 64 hexadecimal digits. To be kept with `tip`, and given to the next `check` as `best`. */
  work: string;
  transactions: number;
  accounts: number;
  bets: number;
  matches: number;
  /** The pool's time. */
  clock: number;
  /** Of the pool's page, as organisers have signed it: `https://`, a host, at most a port. */
  address: string | null;
}

/** A block of the book, by what was replayed of it here. */
export interface BookBlock {
  height: number;
  hash: string;
  /** The hashes of the blocks before and after it. */
  previous: string | null;
  next: string | null;
  time: string;
  /** How many it holds. */
  transactions: number;
}

/** Who made a block, and who confirmed it, with the rest of its header. */
export interface MadeBlock {
  miner: Shapes["PlayerRef"];
  /** `null` where nobody signs a block as it comes. */
  signers: Shapes["PlayerRef"][] | null;
  merkle_root: string;
  bits: string;
  nonce: number;
  version: number;
}

/** The end of the best book that was read. */
export type Best = Pick<Checked, "work" | "tip">;

/** What is known of the book before it is read. */
export interface Before {
  /** Blocks that it must hold. */
  named: Place[];
  /** One that it must hold and that this device has found final itself, with everything below: no signature there is checked twice. */
  seen: Place | null;
  /** The end of another, which a book by work alone must be no worse than. */
  best: Best | null;
}

/** Where an account's acts have got to. */
export interface Order {
  /** How many of them are in the book. */
  booked: number;
  /** The same with those that wait and go on from there. */
  next: number;
  /** Whether the book was read to its end. */
  whole: boolean;
}

/** By what an answer of the node was made, besides the chain. */
export interface At {
  /** The time, in unix seconds. */
  now: number;
  /** Up to which block the node called blocks final; `null`: as far as this device has found proven. */
  final: number | null;
  /** The live scores, by the numbers of matches. */
  live: [no: number, score: Shapes["ScoreBody"]][];
}

/** Why something could not be done. `code` is stable; a code of the ledger's (`bad-name`) where one of its rules is broken. */
export class RulesError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.name = "RulesError";
    this.code = code;
  }

  /** Whether the node had too much to do. */
  get busy(): boolean {
    return this.code === "busy";
  }
}

/** The rules, in a worker. Keys live there and nowhere else; every call waits its turn and none blocks the page. */
export interface Rules {
  // ── Keys ──
  /** Makes new keys and holds them. */
  newKeys(): Promise<{ account: string }>;
  /** Looks at words without holding anything. */
  checkWords(words: string): Promise<WordsChecked>;
  /** Holds the keys of words; throws what `checkWords` would say. */
  restoreKeys(words: string): Promise<{ account: string }>;
  /** The held keys as text to store, encrypted if there is a passphrase (`argon2id`, `XChaCha20-Poly1305`). */
  keepKeys(passphrase: string): Promise<string>;
  /** Holds the keys of a kept text. Throws `wrong-passphrase`. */
  openKeys(kept: string, passphrase: string): Promise<{ account: string }>;
  /** The words of the held keys, to be written down. */
  words(): Promise<string[]>;
  /** Forgets the held keys. */
  forgetKeys(): Promise<void>;

  // ── The pool ──
  /**
   * Reads what stands after `#` in an invitation link; of a short one the node is asked for the rest. Throws `bad-invitation`,
   * `unknown-invitation` where the node does not have it, `other-invitation` where it gives what the link does not stand for, `away`.
   */
  readInvitation(fragment: string): Promise<Invitation>;
  /** Takes the genesis document (`GET /api/v1/pool/genesis.bin`, in hexadecimal) if it is that of the pool with this id. Needed first. */
  openPool(genesis: string, pool: string): Promise<Pool>;
  /** The open pool's rules in sentences, as every honest node says them. */
  said(): Promise<Shapes["SaidBody"][]>;
  /** Begins what is wanted of the open pool, with the held keys; what was begun before is given up. Gives its number. */
  wish(wish: Wish): Promise<number>;
  /** The next step of a wish, by its number. Throws `no-wish` where it was given up, or what no node needs to be asked for, such as `misleading-name`. */
  step(wish: number, fact: Fact): Promise<Step>;
  /** What opens one's own seals. `null` where the keys are others. */
  openings(seals: OwnSeal[]): Promise<(Opening | null)[]>;
  /**
   * Deals what opens one's own seals to keepers, for when this device is off at kick-off: each is one of the `deals` of
   * `POST /api/v1/openings`. `round` (its `next_round`) is as `GET /api/v1/openings` says; the keepers are
   * those of the book: whoever is dealt to can read the score.
   */
  deals(seals: (OwnSeal & { round: number })[], keepers: string[]): Promise<(string | null)[]>;
  /** Signs that the player is to be told of news at this device's address: the `signature` of `POST /api/v1/push`. */
  subscribe(subscription: PushAddress): Promise<string>;
  /** Signs what an organiser tells a node at a time, in seconds since 1970. */
  say(text: string, at: number): Promise<string>;
  /** A new invitation by the held keys, an organiser's. */
  invite(uses: number, expires: number, named: Place | null): Promise<MadeInvitation>;

  // ── Questions to the rules ──
  /** Whether a name may be had, as far as its form says: its folded form, by which names are compared. Throws the reason. */
  checkName(name: string): Promise<string>;
  /** Checks a receipt; needs no node. `pool` is its id, or `null` for the one that the receipt names. */
  verifySlip(json: string, pool: string | null): Promise<SlipReport>;

  // ── The check ──
  /**
   * Replays the node's chain from genesis, or from where the last call ended: every header, certificate, signature and
   * rule. Throws a `RulesError` with the first thing that is wrong. Where `seen` is given, it begins with what was kept of an earlier
   * visit, if that is good.
   */
  check(before: Before, onProgress?: (progress: Progress) => void): Promise<Checked>;
  /** Keeps what was checked on this device, for the next visit, if enough of it is new. `leaving`: the page may be left now. */
  keepBook(leaving: boolean): Promise<void>;
  /** Takes what is kept off this device, and keeps nothing more until a pool is opened. */
  forgetBook(): Promise<void>;
  /**
   * Which act of an account is the next, by the book as far as it was read here. `waiting`: transactions (hexadecimal) that are said
   * to wait; those that the account has not signed for this pool count for nothing.
   */
  order(account: string, waiting: string[]): Promise<Order>;
  /**
   * The matches that have begun for sure, by the book and a clock that shows this (unix seconds): their seals may be opened.
   * `undecided`: also by blocks of which none is final, once that is long ago.
   */
  begun(shows: number, undecided: boolean): Promise<number[]>;
  /**
   * What an honest node answers at a path with its query, byte for byte; `null` where the chain alone does not say it. Throws
   * `not-found` where the chain has no such thing, `bad-request`.
   */
  ask(path: string, at: At): Promise<string | null>;
  /** Who of the pool has signed lately that their computer answers at a link, by the book: a name; `null` if nobody has. */
  linkSaid(said: LinkSaid, now: number): Promise<string | null>;
  /**
   * Compares an answer of the node (its JSON, `null` where none came) of which the chain says a part, such as live scores and hidden
   * tips: `null` where the chain says nothing of it, `true`, or what is wrong, in a sentence.
   */
  partly(path: string, body: unknown, now: number): Promise<string | true | null>;

  // ── Blocks ──
  /** The last blocks of the book, below a height, the highest first; at most 500. */
  blocks(below: number | null, limit: number): Promise<BookBlock[]>;
  /** A block by its hash or its height; `null` where the book has no such block. */
  block(which: string): Promise<BookBlock | null>;
  /**
   * Who made and confirmed it: the node sends it again, and it must have the same hash, the Merkle root and good signatures. Throws
   * `broken-chain` where it has not; `null` where the node has another history now.
   */
  made(block: Pick<BookBlock, "height" | "previous">): Promise<MadeBlock | null>;
}
