// Doing what is wanted: the rules say the next step (`crates/rules/acting`), this asks the node and waits.

import { isBusy, queries, type Shapes } from "../../node/client";
import type { Fact, LeftOut, PlayerAct, Rules, Signed, Step, Wish } from "../../rules";
import { signer } from "../../keys/signer";
import { here, type Seat } from "./ground";
import { nonceToSign } from "./order";
import { playerOf } from "../../keys/player";
import { NOT_IN_BOOK, refused, Refused } from "../../node/refused";
import { dropSent, keepSent, showSent } from "../../keys/sent";
import { Unreadable } from "../../node/shape";
import { standOnChain, type ReportedAdminAction } from "../assent/onChain";

/** It was sent, and nobody answered: whether it arrived is not known. `fetch` throws `TypeError`, and nothing else, where nobody answers. */
export class Unheard extends TypeError {
  readonly signed: Signed;
  constructor(signed: Signed, cause: unknown) {
    super("nobody answered", { cause });
    this.signed = signed;
  }
}

/** The numbers of the matches of which a transaction holds tips or openings. */
export function matchesOf({ action }: Signed): number[] {
  const { tips, openings } = action as Partial<Record<"tips" | "openings", { match: { no: number } }[]>>;
  return (tips ?? openings ?? []).map(({ match }) => match.no);
}

/** What an act of one's own changes at once. */
const MINE = ["/api/v1/transactions", "/api/v1/openings", "/api/v1/accounts/{account}/nonce"];

async function rehearse(
  { ground: { node } = here }: Seat,
  transactions: Shapes["ProposalBody"][],
): Promise<Shapes["VerdictBody"][]> {
  const { data, error } = await node.POST("/api/v1/transactions", {
    params: { query: { dry_run: true } },
    body: { transactions },
  });
  if (data === undefined || !("transactions" in data))
    throw error === undefined ? new Error("no rehearsal") : refused(error);
  // As in a node that has no time for all of them.
  if (data.transactions.length < transactions.length) throw new Unreadable("the rehearsal stopped early");
  return data.transactions;
}

/** Hands a signed act to the node. */
async function hand(seat: Seat, signed: Signed): Promise<Fact> {
  const { node } = seat.ground ?? here;
  const { id, transaction } = signed;
  keepSent(seat, signed);
  try {
    const { error } = await node.POST("/api/v1/transactions", { body: { transaction } });
    if (error === undefined || error.code === "already-known") {
      showSent(seat);
      return "taken";
    }
    dropSent(seat, id);
    return { refused: { problem: error } };
  } catch (error) {
    if (error instanceof TypeError && !isBusy(error)) throw new Unheard(signed, error);
    dropSent(seat, id);
    throw error;
  }
}

/** Takes every step of a wish; `taken` gets each act that the node has taken. Gives what was left out. */
async function carryOut(rules: Rules, seat: Seat, wish: Wish, taken: (signed: Signed) => void): Promise<LeftOut[]> {
  const no = await rules.wish(wish);
  let fact: Fact = "start";
  for (;;) {
    const step: Step = await rules.step(no, fact);
    switch (step.step) {
      case "nonce":
        fact = { nonce: { next: await nonceToSign(seat, step.acts) } };
        break;
      case "try":
        fact = { verdicts: { of: await rehearse(seat, step.transactions) } };
        break;
      case "send":
        fact = await hand(seat, step.signed);
        if (fact === "taken") taken(step.signed);
        break;
      case "pause":
        await new Promise((resolve) => setTimeout(resolve, step.ms));
        fact = "passed";
        break;
      case "done":
        return step.left_out;
      case "refused": {
        const { code, detail, status } = step.problem;
        throw new Refused(code, detail, status);
      }
    }
  }
}

const turns = new Map<string, Promise<unknown>>();

/** Waits for the turn of somebody in a pool, or of something else, in this page and, where the browser has locks, in every tab: each nonce is taken once. */
export function inTurn<Done>(of: string, work: () => Promise<Done>): Promise<Done> {
  // Browsers have them where the page came over https, or from this machine.
  const locks = (navigator as { locks?: LockManager }).locks;
  const turn = (turns.get(of) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => (locks === undefined ? work() : locks.request(`bolao.send.${of}`, work)));
  turns.set(of, turn);
  return turn;
}

/** Does what is wanted with the keys in hand. One call waits for the other. */
async function fulfil(
  rules: Rules,
  seat: Seat,
  wish: Wish,
  taken: (signed: Signed) => void = () => undefined,
): Promise<LeftOut[]> {
  try {
    return await inTurn(`${seat.pool}.${seat.account}`, () => carryOut(rules, seat, wish, taken));
  } finally {
    // Not waited for: while the node is away, asking again does not end.
    if ((seat.ground ?? here) === here)
      void queries.invalidateQueries({
        predicate: ({ queryKey }) => queryKey.some((part) => MINE.includes(part as string)),
      });
  }
}

/** The same, of what a player may want. */
export const signAndSend: (
  rules: Rules,
  seat: Seat,
  wish: { acts: PlayerAct[] } | Exclude<Wish, { acts: unknown }>,
  taken?: (signed: Signed) => void,
) => Promise<LeftOut[]> = fulfil;

async function handOf(pool: string): Promise<{ rules: Rules; seat: Seat }> {
  const player = playerOf(pool);
  if (player === undefined) throw new Error("nobody plays here");
  return { rules: await signer(pool), seat: { pool, account: player.account } };
}

/** Sends what this device's player does. Asks for the passphrase where one is set. */
export async function send(pool: string, ...acts: PlayerAct[]): Promise<void> {
  const { rules, seat } = await handOf(pool);
  await signAndSend(rules, seat, { acts });
}

const textOf = ({ act, seen }: ReportedAdminAction): string => JSON.stringify([act, seen]);

/**
 * Gives what sends each of these acts, which only organisers sign, and no other, if the book has what was seen; it gives their ids. Asks
 * for the passphrase where one is set.
 */
export async function inOffice(
  pool: string,
  given: readonly ReportedAdminAction[],
): Promise<(...some: ReportedAdminAction[]) => Promise<string[]>> {
  // It may be an hour until the passphrase is given.
  const { rules, seat } = await handOf(pool);
  await standOnChain(given);
  const found = new Set(given.map(textOf));
  return async (...some) => {
    if (!some.every((one) => found.has(textOf(one))))
      throw new Refused(NOT_IN_BOOK, "this is none of what was looked up in the book");
    const ids: string[] = [];
    await fulfil(rules, seat, { acts: some.map(({ act }) => act) }, ({ id }) => ids.push(id));
    return ids;
  };
}
