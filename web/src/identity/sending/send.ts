// Signing and sending. The node's dry run comes first: what it refuses is not sent.

import { isBusy, node, queries, type Shapes } from "../../node/client";
import type { Act, Rules, Signed } from "../../rules";
import { signer } from "../../keys/signer";
import { nonceToSign } from "./order";
import { playerOf } from "../../keys/player";
import { NOT_IN_BOOK, OVERTAKEN, refused, Refused } from "../../node/refused";
import { dropSent, keepSent, showSent } from "../../keys/sent";
import { standOnChain, type PlayerAction, type ReportedAdminAction } from "../assent/onChain";

/** It was sent, and nobody answered: whether it arrived is not known. `fetch` throws `TypeError`, and nothing else, where nobody answers. */
export class Unheard extends TypeError {
  readonly id: string;
  constructor(id: string, cause: unknown) {
    super("nobody answered", { cause });
    this.id = id;
  }
}

/** What an act of one's own changes at once. */
const MINE = ["/api/v1/transactions", "/api/v1/openings", "/api/v1/accounts/{account}/nonce"];

/** Betting on a match has ended. */
const TOO_LATE = "bet-after-kickoff";

/** `action` is in the ledger's own fields, which the description leaves open. */
type Proposal = Omit<Shapes["ProposalBody"], "action"> & { action: { tips?: { match_no: number }[] } };

async function rehearse(transactions: Proposal[]): Promise<Shapes["VerdictBody"][]> {
  const { data, error } = await node.POST("/api/v1/transactions", {
    params: { query: { dry_run: true } },
    body: { transactions: transactions as Shapes["ProposalBody"][] },
  });
  if (data === undefined || !("transactions" in data))
    throw error === undefined ? new Error("no rehearsal") : refused(error);
  return data.transactions;
}

/** Which of an act's tips come too late: each is tried alone. */
async function lateOnes(proposal: Proposal): Promise<number[]> {
  const { action } = proposal;
  const tips = action.tips ?? [];
  const each = tips.map((tip) => ({
    ...proposal,
    alone: true,
    action: { ...action, tips: [tip] },
  }));
  const verdicts = each.length === 0 ? [] : await rehearse(each);
  return tips.flatMap(({ match_no }, at) => (verdicts[at]?.code === TOO_LATE ? [match_no] : []));
}

/** Tries acts without their signatures, and throws what speaks against one. */
async function tryFirst(account: string, signed: Signed[]): Promise<void> {
  const proposals = signed.map(({ nonce, action }): Proposal => ({
    account,
    nonce,
    action: action as Proposal["action"],
  }));
  const verdicts = await rehearse(proposals);
  for (const [at, proposal] of proposals.entries()) {
    const verdict = verdicts[at];
    if (verdict === undefined) throw new Error("the rehearsal stopped early");
    if (verdict.code === TOO_LATE)
      throw new Refused(TOO_LATE, verdict.detail ?? "", { late: await lateOnes(proposal) });
    if (!verdict.accepted) throw new Refused(verdict.code ?? "", verdict.detail ?? "");
  }
}

/** Sends acts; `sent` gets their ids as they are sent. */
async function sendOnce(rules: Rules, account: string, acts: Act[], sent: string[]): Promise<void> {
  const next = await nonceToSign(account, acts.length);
  const signed: Signed[] = [];
  for (const act of acts) signed.push(await rules.sign(next + signed.length, act));
  await tryFirst(account, signed);
  for (const one of signed) {
    const { id, transaction } = one;
    keepSent(account, one);
    try {
      const { error } = await node.POST("/api/v1/transactions", { body: { transaction } });
      if (error !== undefined && error.code !== "already-known") throw refused(error);
    } catch (error) {
      if (error instanceof TypeError && !isBusy(error)) throw new Unheard(id, error);
      dropSent(account, id);
      throw error;
    }
    showSent(account);
    sent.push(id);
  }
}

async function sendAll(rules: Rules, account: string, acts: Act[]): Promise<string[]> {
  const sent: string[] = [];
  await sendOnce(rules, account, acts, sent).catch((error: unknown) => {
    if (!(error instanceof Refused) || !OVERTAKEN.includes(error.code)) throw error;
    return sendOnce(rules, account, acts.slice(sent.length), sent);
  });
  return sent;
}

const turns = new Map<string, Promise<unknown>>();

/** Waits for this account's turn, in this page and, where the browser has locks, in every tab: each nonce is taken once. */
function inTurn<Done>(account: string, work: () => Promise<Done>): Promise<Done> {
  // Browsers have them where the page came over https, or from this machine.
  const locks = (navigator as { locks?: LockManager }).locks;
  const turn = (turns.get(account) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => (locks === undefined ? work() : locks.request(`bolao.send.${account}`, work)));
  turns.set(account, turn);
  return turn;
}

/**
 * Signs acts with the keys in hand and tries them; sends them, one after the other, if none is refused. Gives their ids. One call
 * waits for the other.
 */
async function signAll(rules: Rules, account: string, acts: Act[]): Promise<string[]> {
  try {
    return await inTurn(account, () => sendAll(rules, account, acts));
  } finally {
    // Not waited for: while the node is away, asking again does not end.
    void queries.invalidateQueries({
      predicate: ({ queryKey }) => queryKey.some((part) => MINE.includes(part as string)),
    });
  }
}

/** Signs and sends what a player does, with the keys in hand. */
export const signAndSend = (rules: Rules, account: string, ...acts: PlayerAction[]): Promise<string[]> =>
  signAll(rules, account, acts);

async function handOf(pool: string): Promise<{ rules: Rules; account: string }> {
  const player = playerOf(pool);
  if (player === undefined) throw new Error("nobody plays here");
  return { rules: await signer(pool), account: player.account };
}

/** Sends what this device's player does. Asks for the passphrase where one is set. */
export async function send(pool: string, ...acts: PlayerAction[]): Promise<string[]> {
  const { rules, account } = await handOf(pool);
  return signAndSend(rules, account, ...acts);
}

const textOf = ({ act, seen }: ReportedAdminAction): string => JSON.stringify([act, seen]);

/**
 * Gives what sends each of these acts, which only organisers sign, and no other, if the book has what was seen. Asks for the passphrase
 * where one is set.
 */
export async function inOffice(
  pool: string,
  given: readonly ReportedAdminAction[],
): Promise<(...some: ReportedAdminAction[]) => Promise<string[]>> {
  // It may be an hour until the passphrase is given.
  const { rules, account } = await handOf(pool);
  await standOnChain(given);
  const found = new Set(given.map(textOf));
  return async (...some) => {
    if (!some.every((one) => found.has(textOf(one))))
      throw new Refused(NOT_IN_BOOK, "this is none of what was looked up in the book");
    const acts = some.map(({ act }) => act);
    return signAll(rules, account, acts);
  };
}
