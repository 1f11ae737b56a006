// Follows what was sent: a node that forgets a tip is given the same bytes again, and one that came too late is not gone without a word.

import { useQuery } from "@tanstack/react-query";

import { isProblem } from "../../node/client";
import { endOf } from "./end";
import { here, type Seat } from "./ground";
import { isPassing } from "../../node/refused";
import { isOver, type Sent, sentKey, sentOf, writeSent } from "../../keys/sent";

const DAY_MS = 86_400_000;
/** So long somebody is told what did not get in. */
const TOLD_MS = 14 * DAY_MS;
const AGAIN_MS = 15_000;
/** The same of what has been on its way for an hour. */
const SLOWLY_MS = 300_000;
const HOUR_MS = 3_600_000;
/** A page that was just loaded has older news. */
const FRESH_MS = 60_000;

/**
 * What has become of one; `undefined`: it needs no more care. `booked`: how many acts of its account this device has found in the book,
 * if it has read it: whatever the node says, one that is not among them holds its place.
 */
async function look(
  { ground: { node } = here }: Seat,
  one: Sent,
  now_ms: number,
  booked: number | undefined,
): Promise<Sent | undefined> {
  const { id, transaction } = one;
  const unread = booked !== undefined && one.nonce >= booked;
  const age_ms = now_ms - one.at_ms;
  if (isOver(one.fate)) return age_ms < TOLD_MS ? one : undefined;
  const { data, error } = await node.GET("/api/v1/transactions/{id}", { params: { path: { id } } });
  if (data !== undefined) {
    if (data.state === "waiting" || unread) return { ...one, fate: one.fate === "again" ? "again" : "sent" };
    const late = data.void?.map(({ no }) => no) ?? [];
    const settled = (data.state === "final" && booked !== undefined) || age_ms > DAY_MS;
    const tips = one.tips.filter(({ match_no }) => late.includes(match_no));
    if (late.length > 0) return { ...one, fate: "late", tips, void: late };
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

/** So long may what comes before it take to be known. */
const GAP_MS = 60_000;

/** Whether it may still get into the book. */
export const isOnTheWay = ({ fate }: Sent): boolean => fate === "sent" || fate === "again";

/** The places to which the book never comes begin here, as far as this device has read it. */
async function unreachable(seat: Seat, all: Sent[], now_ms: number): Promise<number> {
  const waits = all.filter((one) => isOnTheWay(one) && now_ms - one.at_ms > GAP_MS);
  const { book } = seat.ground ?? here;
  const read = waits.length === 0 ? undefined : await book.readBefore();
  if (read === undefined) return Infinity;
  return endOf(
    read,
    seat,
    all.map(({ transaction }) => transaction),
  );
}

/** Asks what has become of what was sent, and hands over again what the node has lost. Never signs anything. */
export async function follow(seat: Seat): Promise<Sent[]> {
  const { account, ground: { book } = here } = seat;
  const booked = await book.bookedOf(account).catch(() => undefined);
  const end = await unreachable(seat, sentOf(seat), Date.now()).catch(() => Infinity);
  for (const one of sentOf(seat)) {
    const gap = isOnTheWay(one) && one.nonce > end && Date.now() - one.at_ms > GAP_MS;
    const next = gap ? { ...one, fate: "lost" as const } : await look(seat, one, Date.now(), booked);
    const now = sentOf(seat);
    writeSent(
      seat,
      now.flatMap((other) => (other.id === one.id ? (next ?? []) : other)),
    );
  }
  return sentOf(seat);
}

/** How long until what was sent is asked for again: less often once nothing of it is new. */
export function asksAgain(sent: readonly Sent[] | undefined, now_ms: number): number | false {
  const onTheWay = (sent ?? []).filter(isOnTheWay);
  if (onTheWay.length === 0) return false;
  return onTheWay.some(({ at_ms }) => now_ms - at_ms < HOUR_MS) ? AGAIN_MS : SLOWLY_MS;
}

const sentOptions = (pool: string, account: string | undefined) => ({
  queryKey: sentKey(pool, account),
  enabled: account !== undefined,
  initialData: () => (account === undefined ? undefined : sentOf({ pool, account })),
  initialDataUpdatedAt: 0,
  staleTime: FRESH_MS,
  queryFn: () => follow({ pool, account: account ?? "" }),
});

/** What was sent from this device and is not in the book for good. */
export const useSent = (pool: string, account: string | undefined) =>
  useQuery({ ...sentOptions(pool, account), refetchInterval: ({ state }) => asksAgain(state.data, Date.now()) });

const NONE: readonly Sent[] = [];

/** The same as far as it is known: what is drawn for each of many matches does not ask. */
export const useSentSoFar = (pool: string, account: string | undefined): readonly Sent[] =>
  useQuery({ ...sentOptions(pool, account), enabled: false }).data ?? NONE;
