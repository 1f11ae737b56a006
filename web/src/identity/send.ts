// Signing and sending. The node's dry run comes first: what it refuses is not sent.

import { node, queries, type Problem, type Shapes } from "../node/client";
import type { Act, Rules, Signed } from "../rules";
import { hand } from "./hand";
import { playerOf } from "./player";

/** The pool's rules say no, or part of it would not count. Nothing was sent. */
export class Refused extends Error {
  readonly code: string;
  /** Codes of matches that would come too late, where that is why. */
  readonly matches: string[];
  constructor(code: string, message: string, matches: string[] = []) {
    super(message);
    this.code = code;
    this.matches = matches;
  }
}

const refused = (problem: Problem): Refused => new Refused(problem.code, problem.detail);

async function nextNonce(account: string): Promise<number> {
  const { data, error } = await node.GET("/api/v1/accounts/{account}/nonce", { params: { path: { account } } });
  if (data === undefined) throw refused(error);
  return data.next_nonce;
}

/** What would become of it, without its signature. */
async function rehearse(account: string, { nonce, action }: Signed): Promise<Shapes["VerdictBody"]> {
  const { data, error } = await node.POST("/api/v1/transactions", {
    params: { query: { dry_run: true } },
    body: { transactions: [{ account, nonce, action: action as Record<string, never> }] },
  });
  const verdict = data !== undefined && "transactions" in data ? data.transactions[0] : undefined;
  if (verdict === undefined) throw error === undefined ? new Error("an empty rehearsal") : refused(error);
  return verdict;
}

/** Signs an act with the keys in hand, tries it and sends it. Gives its id. */
export async function signAndSend(rules: Rules, account: string, act: Act): Promise<string> {
  const signed = await rules.sign(await nextNonce(account), act);
  const verdict = await rehearse(account, signed);
  if (!verdict.accepted) throw new Refused(verdict.code ?? "", verdict.detail ?? "");
  if (verdict.void.length > 0) {
    throw new Refused(
      "void",
      "",
      verdict.void.map((match) => match.code),
    );
  }
  const { error } = await node.POST("/api/v1/transactions", { body: { transaction: signed.transaction } });
  if (error !== undefined && error.code !== "already-known") throw refused(error);
  await queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey.includes("/api/v1/transactions"),
  });
  return signed.id;
}

/** Sends an act of this device's player. `ask`: whether the passphrase may be asked for. */
export async function send(pool: string, act: Act, ask = true): Promise<string> {
  const player = playerOf(pool);
  if (player === undefined) throw new Error("nobody plays here");
  return signAndSend(await hand(pool, ask), player.account, act);
}
