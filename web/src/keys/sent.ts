// What was signed here, tips above all, kept on this device until it stands in the book for good.

import { queries, type Shapes } from "../node/client";
import type { Prediction, Signed } from "../rules";
import { kept } from "../device/kept";

export interface SentTip {
  match_no: number;
  stake: number;
  /** Of an open one. */
  prediction?: Prediction;
  /** Of a sealed one. */
  commitment?: string;
}

/**
 * `again`: the node had lost it; `booked`: a block holds it; `late`: it came after the deadline; `lost`: another act has its place;
 * `refused`: the node had lost it, and the rules let it in no more.
 */
export type Fate = "sent" | "again" | "booked" | "late" | "lost" | "refused";

/** Whether it never gets into the book. */
export const isOver = (fate: Fate | undefined): boolean => fate === "late" || fate === "lost" || fate === "refused";

/** The same as the node writes it. */
type SignedTip = Omit<SentTip, "match_no"> & { match: { no: number } };

export interface Sent {
  id: string;
  nonce: number;
  transaction: string;
  /** When it was sent, in unix milliseconds. */
  at_ms: number;
  tips: SentTip[];
  /** What it is, if it is no tips. */
  act?: Shapes["Action"];
  /** The numbers of the matches for which it was `late`; absent where that is so for all of it. */
  void?: number[];
  fate: Fate;
}

/** As many are kept at most. */
const MOST = 100;

const storeOf = (account: string) => kept(`bolao.sent.${account}`);

const isSent = (it: unknown): it is Sent => {
  const { id, transaction, at_ms, tips, fate } = (it ?? {}) as Partial<Sent>;
  const texts = [id, transaction, fate].every((text) => typeof text === "string");
  return texts && typeof at_ms === "number" && Array.isArray(tips);
};

export function sentOf(account: string): Sent[] {
  try {
    const read: unknown = JSON.parse(storeOf(account).read() ?? "[]");
    return Array.isArray(read) ? read.filter(isSent) : [];
  } catch {
    return [];
  }
}

/** Names what is kept of an account, to those who draw it. */
export const sentKey = (account: string | undefined) => ["get", "/api/v1/transactions", "kept here", account];

function write(account: string, all: Sent[]): void {
  storeOf(account).write(all.length === 0 ? null : JSON.stringify(all.slice(-MOST)));
}

/** Has screens draw what is kept now. */
export const showSent = (account: string): void => void queries.setQueryData(sentKey(account), sentOf(account));

export function writeSent(account: string, all: Sent[]): void {
  write(account, all);
  showSent(account);
}

export const forgetSent = (account: string): void => writeSent(account, []);

/** Keeps what is handed to the node: it may arrive although nobody answers. It is not shown before the node has it. */
export function keepSent(account: string, { id, nonce, transaction, action, lapses }: Signed): void {
  if (!lapses) return;
  const { tips: signed } = action as { tips?: SignedTip[] };
  const tips = (signed ?? []).map(({ match, ...tip }) => ({ match_no: match.no, ...tip }));
  const act = signed === undefined ? { act: action as Shapes["Action"] } : {};
  const others = sentOf(account).filter((one) => one.id !== id);
  write(account, [...others, { id, nonce, transaction, at_ms: Date.now(), tips, ...act, fate: "sent" }]);
}

/** Keeps no more of what was not taken. */
export const dropSent = (account: string, id: string): void =>
  writeSent(
    account,
    sentOf(account).filter((one) => one.id !== id),
  );
