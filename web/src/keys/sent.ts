// What was signed here, tips above all, kept on this device until it stands in the book for good.

import { queries, type Shapes } from "../node/client";
import type { Prediction, Signed } from "../rules";
import { kept } from "../device/kept";
import type { Who } from "./earlier";

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

const BEGINS = "bolao.sent.";

/** As many are kept at most. */
const MOST = 100;

const nameOf = ({ pool, account }: Who): string => `${BEGINS}${pool}.${account}`;

const storeOf = (who: Who) => kept(nameOf(who));

const isSent = (it: unknown): it is Sent => {
  const { id, transaction, at_ms, tips, fate } = (it ?? {}) as Partial<Sent>;
  const texts = [id, transaction, fate].every((text) => typeof text === "string");
  return texts && typeof at_ms === "number" && Array.isArray(tips);
};

export function sentOf(who: Who): Sent[] {
  try {
    const read: unknown = JSON.parse(storeOf(who).read() ?? "[]");
    return Array.isArray(read) ? read.filter(isSent) : [];
  } catch {
    return [];
  }
}

/** Names what is kept of an account, to those who draw it. */
export const sentKey = (pool: string, account: string | undefined) => [
  "get",
  "/api/v1/transactions",
  "kept here",
  pool,
  account,
];

function write(who: Who, all: Sent[]): void {
  storeOf(who).write(all.length === 0 ? null : JSON.stringify(all.slice(-MOST)));
}

/** Has screens draw what is kept now. */
export const showSent = (who: Who): void => void queries.setQueryData(sentKey(who.pool, who.account), sentOf(who));

export function writeSent(who: Who, all: Sent[]): void {
  write(who, all);
  showSent(who);
}

export const forgetSent = (who: Who): void => writeSent(who, []);

// Another tab may have sent from its pool's page to this one.
addEventListener("storage", ({ key }) => {
  if (key?.startsWith(BEGINS) !== true) return;
  const [pool = "", account = ""] = key.slice(BEGINS.length).split(".");
  if (queries.getQueryData(sentKey(pool, account)) !== undefined) showSent({ pool, account });
});

/** Keeps what is handed to the node: it may arrive although nobody answers. It is not shown before the node has it. */
export function keepSent(who: Who, { id, nonce, transaction, action, lapses }: Signed): void {
  if (!lapses) return;
  const { tips: signed } = action as { tips?: SignedTip[] };
  const tips = (signed ?? []).map(({ match, ...tip }) => ({ match_no: match.no, ...tip }));
  const act = signed === undefined ? { act: action as Shapes["Action"] } : {};
  const others = sentOf(who).filter((one) => one.id !== id);
  write(who, [...others, { id, nonce, transaction, at_ms: Date.now(), tips, ...act, fate: "sent" }]);
}

/** Keeps no more of what was not taken. */
export const dropSent = (who: Who, id: string): void =>
  writeSent(
    who,
    sentOf(who).filter((one) => one.id !== id),
  );
