// Tips as they were signed, kept on this device until they stand in the book for good: a node that forgets one is given the same bytes
// again, and one that came too late is not gone without a word.

import { useQuery } from "@tanstack/react-query";

import { bookedOf } from "../checking/check";
import { isProblem, node } from "../node/client";
import type { Score, Signed } from "../rules";
import { kept } from "../shell/kept";
import { isPassing } from "./refused";

export interface SentTip {
  match_no: number;
  stake: number;
  /** Of an open one. */
  score?: Score;
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

export interface Sent {
  id: string;
  nonce: number;
  transaction: string;
  /** When it was sent, in unix milliseconds. */
  at_ms: number;
  tips: SentTip[];
  fate: Fate;
}

/** As many are kept at most. */
const MOST = 100;
const DAY_MS = 86_400_000;
/** So long somebody is told what did not get in. */
const TOLD_MS = 14 * DAY_MS;
const AGAIN_MS = 15_000;

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

function write(account: string, all: Sent[]): void {
  storeOf(account).write(all.length === 0 ? null : JSON.stringify(all.slice(-MOST)));
}

export const forgetSent = (account: string): void => write(account, []);

/** Keeps what the node has just taken, if it is tips. */
export function keepSent(account: string, { id, nonce, transaction, action }: Signed): void {
  const { type, tips } = action as { type?: string; tips?: SentTip[] };
  if ((type !== "bet" && type !== "seal") || tips === undefined) return;
  const others = sentOf(account).filter((one) => one.id !== id);
  write(account, [...others, { id, nonce, transaction, at_ms: Date.now(), tips, fate: "sent" }]);
}

/**
 * What has become of one; `undefined`: it needs no more care. `booked`: how many acts of its account this device has found in the book,
 * if it has read it: whatever the node says, one that is not among them holds its place.
 */
async function look(one: Sent, now_ms: number, booked: number | undefined): Promise<Sent | undefined> {
  const { id, transaction } = one;
  const unread = booked !== undefined && one.nonce >= booked;
  const age_ms = now_ms - one.at_ms;
  if (isOver(one.fate)) return age_ms < TOLD_MS ? one : undefined;
  const { data, error } = await node.GET("/api/v1/transactions/{id}", { params: { path: { id } } });
  if (data !== undefined) {
    if (data.state === "waiting") return { ...one, fate: one.fate === "again" ? "again" : "sent" };
    const { action } = data;
    const tips = action.type === "bet" || action.type === "seal" ? action.tips : [];
    const late = new Set(tips.flatMap(({ match, void: late }) => (late ? [match.no] : [])));
    const settled = !unread && (data.state === "final" || age_ms > DAY_MS);
    if (late.size > 0 && !unread)
      return { ...one, fate: "late", tips: one.tips.filter(({ match_no }) => late.has(match_no)) };
    return settled ? undefined : { ...one, fate: "booked" };
  }
  if (!isProblem(error) || error.status !== 404) return one;
  const { error: refusal } = await node.POST("/api/v1/transactions", { body: { transaction } });
  if (refusal === undefined) return { ...one, fate: "again" };
  if (refusal.code === "bet-after-kickoff") return { ...one, fate: "late" };
  // Another one has taken its place in the book.
  if (refusal.code === "bad-nonce") return unread ? one : { ...one, fate: "lost" };
  return refusal.code === "already-known" || isPassing(refusal) ? one : { ...one, fate: "refused" };
}

/** Asks what has become of what was sent, and hands over again what the node has lost. Never signs anything. */
export async function follow(account: string): Promise<Sent[]> {
  const booked = await bookedOf(account).catch(() => undefined);
  for (const one of sentOf(account)) {
    const next = await look(one, Date.now(), booked);
    const now = sentOf(account);
    write(
      account,
      now.flatMap((other) => (other.id === one.id ? (next ?? []) : other)),
    );
  }
  return sentOf(account);
}

/** What was sent from this device and is not in the book for good. */
export const useSent = (account: string | undefined) =>
  useQuery({
    queryKey: ["get", "/api/v1/transactions", "kept here", account],
    enabled: account !== undefined,
    queryFn: () => follow(account ?? ""),
    refetchInterval: ({ state }) =>
      state.data?.some(({ fate }) => fate === "sent" || fate === "again") === true && AGAIN_MS,
  });
