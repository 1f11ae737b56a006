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

/** What would become of them, without their signatures. */
async function rehearse(account: string, signed: Signed[]): Promise<Shapes["VerdictBody"][]> {
  const { data, error } = await node.POST("/api/v1/transactions", {
    params: { query: { dry_run: true } },
    body: {
      transactions: signed.map(({ nonce, action }) => ({ account, nonce, action: action as Record<string, never> })),
    },
  });
  if (data === undefined) throw refused(error);
  return "transactions" in data ? data.transactions : [];
}

/** Signs acts with the keys in hand and tries them; sends them, one after the other, if none is refused. Gives their ids. */
export async function signAndSend(rules: Rules, account: string, ...acts: Act[]): Promise<string[]> {
  const next = await nextNonce(account);
  const signed: Signed[] = [];
  for (const act of acts) signed.push(await rules.sign(next + signed.length, act));
  const verdicts = await rehearse(account, signed);
  const bad = verdicts.find(({ accepted }) => !accepted);
  if (bad !== undefined) throw new Refused(bad.code ?? "", bad.detail ?? "");
  const late = verdicts.flatMap((verdict) => verdict.void.map((match) => match.code));
  if (late.length > 0) throw new Refused("void", "", late);
  for (const { transaction } of signed) {
    const { error } = await node.POST("/api/v1/transactions", { body: { transaction } });
    if (error !== undefined && error.code !== "already-known") throw refused(error);
  }
  await queries.invalidateQueries({
    predicate: ({ queryKey }) => queryKey.includes("/api/v1/transactions"),
  });
  return signed.map(({ id }) => id);
}

/** Sends what this device's player does. Asks for the passphrase where one is set. */
export async function send(pool: string, ...acts: Act[]): Promise<string[]> {
  const player = playerOf(pool);
  if (player === undefined) throw new Error("nobody plays here");
  return signAndSend(await hand(pool), player.account, ...acts);
}
