import { within } from "../../checking/sure";
import type { Signed } from "../../rules";
import { isWhole } from "../drafts/draft";
import { draftsOf, dropSent, unheard, wantSent, whichOf } from "../drafts/drafts";
import { follow } from "./follow";
import { type Ground, here, type Seat } from "./ground";
import { playerOf } from "../../keys/player";
import { NOT_IN_BOOK, Refused } from "../../node/refused";
import { matchesOf, signAndSend, Unheard } from "./send";
import { isOver, sentOf } from "../../keys/sent";
import { tippableLately, tippableOnChain, type Tippable } from "../tippable";

/** Whether something takes tips at a moment of the node's clock. */
export const isOpen = ({ status, deadline }: Pick<Tippable, "status" | "deadline">, now_s: number): boolean =>
  status === "scheduled" && (deadline == null || Date.parse(deadline) / 1000 > now_s);

/** Whole drafts on what takes tips, or those of them that are `wanted`. */
function written(pool: string, tippable: Tippable[], wanted?: readonly string[]) {
  const drafts = draftsOf(pool).tips;
  return tippable.flatMap((on) => {
    const draft = drafts[on.which];
    return draft !== undefined && isWhole(draft) && wanted?.includes(on.which) !== false ? [{ on, draft }] : [];
  });
}

/** The drafts that can be sent now, or those of them that are `wanted`. */
export const sendable = (pool: string, tippable: Tippable[], now_s: number, wanted?: readonly string[]): Chosen =>
  written(pool, tippable, wanted).filter(({ on }) => isOpen(on, now_s));

/** Those that waited to be sent for too long. */
export const missed = (pool: string, tippable: Tippable[], now_s: number): Chosen =>
  written(pool, tippable, draftsOf(pool).wanted).filter(({ on }) => !isOpen(on, now_s));

type Chosen = ReturnType<typeof written>;

/** What became of drafts that were sent. */
export interface SentTips {
  sent: Chosen;
  /** Betting on these had just ended: they were not sent. */
  late: Chosen;
}

/**
 * What was sent without an answer is not sent again if it arrived, or was handed over since. It is kept here for as long as this device
 * has not found it in the book.
 */
async function settle(seat: Seat): Promise<void> {
  const { pool, ground: { node } = here } = seat;
  const sent = draftsOf(pool).unheard;
  if (sent === undefined) return;
  const kept = sentOf(seat).find(({ id }) => id === sent.id);
  const { data } =
    kept === undefined ? await node.GET("/api/v1/transactions/{id}", { params: { path: { id: sent.id } } }) : {};
  if (kept === undefined ? data !== undefined : !isOver(kept.fate)) dropSent(pool, sent.tips);
}

/** So long does a tip, or what is signed of it besides, wait for the book at most. */
export const PATIENCE_MS = 5_000;
/** And so long one on something of which nothing else says which it is. */
const LONG_MS = 20_000;

/**
 * Throws where the book has something else by a number than was shown, as other teams by a match's. Where what was read of it in the last minutes has these, it
 * is not read on for them: the next reading finds a match that has changed since. Where it cannot be read just now, or is not read since
 * the connection costs, those that the pool began with need no book. For others it is read, whatever it costs.
 */
async function standForTips({ node, book }: Ground, chosen: readonly Tippable[], first: Set<string>): Promise<void> {
  if (chosen.length === 0) return;
  const areIn = (known: Set<string>) => chosen.every(({ which }) => known.has(which));
  const lately = await tippableLately(book);
  if (lately !== undefined && areIn(lately)) return;
  const began = !book.differs() && areIn(first);
  // Where nobody answers this throws, and what is written is sent later.
  if (!began) await node.GET("/api/v1/status");
  const soon = within(tippableOnChain(false, book), PATIENCE_MS).catch(() => undefined);
  const read =
    (await soon) ?? (began ? undefined : await within(tippableOnChain(true, book), LONG_MS).catch(() => undefined));
  if (read === undefined ? !began : !areIn(read))
    throw new Refused(NOT_IN_BOOK, "the book has something else by a number, or could not be read");
}

/** The same of what takes tips, for what is signed of it besides a tip. */
export async function stands(pool: string, on: readonly Tippable[], ground = here): Promise<void> {
  const { first } = await ground.keys.openedPool(pool);
  await standForTips(ground, on, new Set(first.map(whichOf)));
}

/**
 * Sends every draft that can be sent, with as few signatures as hold them. If the node does not answer, they are to be
 * sent as soon as it does. `again`: sends only what waits for that, and asks for no passphrase.
 */
export async function sendTips(
  pool: { id: string; ground?: Ground },
  tippable: Tippable[],
  now_s: number,
  again = false,
): Promise<SentTips> {
  const player = playerOf(pool.id);
  if (player === undefined) throw new Error("nobody plays here");
  const { ground = here } = pool;
  const seat = { pool: pool.id, account: player.account, ground };
  const done: SentTips = { sent: [], late: again ? missed(pool.id, tippable, now_s) : [] };
  const { wanted } = draftsOf(pool.id);
  // Of another pool only some are sent.
  const others = ground === here ? [] : wanted.filter((which) => tippable.every((on) => on.which !== which));
  const chosen = () => sendable(pool.id, tippable, now_s, again ? wanted : undefined);
  try {
    const rules = await ground.keys.signer(pool.id, !again);
    // What the node has lost goes first: its place in the order of this player's acts is taken by nothing else.
    await follow(seat);
    await settle(seat);
    const left = chosen();
    await stands(
      pool.id,
      left.map(({ on }) => on),
      ground,
    );
    if (left.length > 0) {
      const of = (numbers: number[]): Chosen => left.filter(({ on }) => numbers.includes(on.no));
      const drafts = (some: Chosen) => Object.fromEntries(some.map(({ on, draft }) => [on.which, draft]));
      const taken = (signed: Signed) => {
        const sent = of(matchesOf(signed));
        dropSent(pool.id, drafts(sent));
        done.sent.push(...sent);
      };
      const tips = left.map(({ on, draft }) => ({
        match_no: on.no,
        prediction: on.predicts(draft),
        stake: draft.stake,
      }));
      const leftOut = await signAndSend(rules, seat, { tips }, taken).catch((error: unknown) => {
        if (error instanceof Unheard) unheard(pool.id, error.signed.id, drafts(of(matchesOf(error.signed))));
        throw error;
      });
      done.late.push(...of(leftOut.map(({ match_no }) => match_no)));
    }
  } catch (error) {
    // `fetch` throws this, and nothing else, where nobody answers. Whatever else is wrong, the player has to know.
    wantSent(pool.id, [...others, ...(error instanceof TypeError ? chosen().map(({ on }) => on.which) : [])]);
    throw error;
  }
  wantSent(pool.id, others);
  return done;
}
