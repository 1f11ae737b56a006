// Sends tips to another pool of this host, as if they had been typed there: they become drafts of that pool, and are signed by its own
// rules, which run in workers of their own meanwhile, with the key that plays there. What does not get there stays a draft there.

import type { Joined } from "../../keys/joined";
import { signPass } from "../../keys/pass";
import { playerOf } from "../../keys/player";
import { isOver, sentOf } from "../../keys/sent";
import { signer, signing, StaysLocked, takeKeys } from "../../keys/signer";
import { nodeTime } from "../../node/clock";
import { genesisBytesAt } from "../../node/genesis";
import { OPENINGS } from "../../node/queries";
import { Refused } from "../../node/refused";
import { loadAt, type Rules } from "../../rules";
import { type Draft, predictedIn, withGoals } from "../drafts/draft";
import { draftsOf, keepDraft, whichOf } from "../drafts/drafts";
import type { Ground } from "../sending/ground";
import { sendTips } from "../sending/sendTips";
import { deliverThere } from "../shares/deliver";
import { ofMatch } from "../tippable";
import { bookOf } from "./book";
import { planOf, type Score, type Wanted } from "./same";
import { look, openTips, Outside, type There } from "./there";

/** What became of it there. */
export interface SentThere {
  sent: number;
  /** How many say there what they say here. */
  same: number;
  /** How many are on matches that it does not have, or that have closed there. */
  absent: number;
}

/** So long it is tried to hand to the keepers what opens a sealed tip, and how often. */
const DEALS_MS = 20_000;
const AGAIN_MS = 2_000;

/** What signs there. A key that plays here as well is taken from here: it was unlocked once. `own`: the pool of this page. */
function signingThere(rules: Rules, { path, name }: Joined, own: string) {
  return signing({
    load: () => Promise.resolve(rules),
    genesis: () => genesisBytesAt(path),
    async take(rules, player, ask) {
      if (playerOf(own)?.account === player.account) {
        try {
          const keys = await (await signer(own, ask)).keepKeys("");
          return await rules.openKeys(keys, "");
        } catch (error) {
          if (error instanceof StaysLocked) throw error;
        }
      }
      return takeKeys(rules, player, ask, name);
    },
  });
}

/** What one has sealed there, in its book and on the way, as the key in hand reads it. */
async function sealedTips({ node }: There, rules: Rules, who: { pool: string; account: string }) {
  const { account } = who;
  const { data } = await node.GET(OPENINGS, { params: { query: { account } } });
  const seals = (data?.seals ?? []).map(({ match, nonce, commitment }) => ({ match_no: match.no, nonce, commitment }));
  const tips = new Map<number, Score>();
  const sent = sentOf(who).filter(({ fate }) => !isOver(fate));
  for (const { nonce, tips: all } of sent)
    for (const { match_no, prediction, commitment } of all) {
      if (prediction !== undefined) tips.set(match_no, predictedIn(prediction));
      else if (commitment !== undefined) seals.push({ match_no, nonce, commitment });
    }
  seals.sort((one, other) => one.nonce - other.nonce);
  const opened = await rules.openings(seals);
  seals.forEach(({ match_no }, at) => {
    const prediction = opened[at]?.prediction;
    if (prediction !== undefined) tips.set(match_no, predictedIn(prediction));
  });
  return tips;
}

/** What stands there, or is written there, with another score. */
function draftFor(pool: string, which: string, score: Score, stake: number): Draft {
  const before = draftsOf(pool).tips[which];
  return before === undefined ? { ...score, stake } : withGoals(before, score);
}

/** Hands to that pool's keepers what opens what was sealed, as soon as its node has it; what is left its page hands over. */
async function deliver(ground: Ground, who: { pool: string; account: string }): Promise<void> {
  for (const end = Date.now() + DEALS_MS; Date.now() < end;) {
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    // The book may not have the block yet.
    if (await deliverThere(ground, who).catch(() => false)) return;
  }
}

/** `own`: the pool of this page. Asks for the passphrase where the key is locked. */
export async function sendThere(joined: Joined, own: string, wanted: readonly Wanted[]): Promise<SentThere> {
  const { pool, path } = joined;
  const player = playerOf(pool);
  if (player === undefined) throw new Refused("unknown-account", "nobody plays there any more");
  const { account } = player;
  const { rules, end } = loadAt(path);
  let delivers: Promise<void> | undefined;
  try {
    const keys = signingThere(rules, joined, own);
    const there = await look(joined).catch(async (error: unknown) => {
      if (!(error instanceof Outside)) throw error;
      await signPass(await keys.signer(pool), pool, account, path);
      return look(joined);
    });
    // Nothing is asked for where nothing is to be sent.
    const before = planOf(wanted, there.matches, openTips(there), nodeTime() / 1000);
    if (before.send.length === 0) return { ...before, sent: 0 };
    const signs = await keys.signer(pool);
    const sealed = await sealedTips(there, signs, { pool, account }).catch(() => new Map<number, Score>());
    const now_s = nodeTime() / 1000;
    const plan = planOf(wanted, there.matches, new Map([...openTips(there), ...sealed]), now_s);
    if (plan.send.length === 0) return { ...plan, sent: 0 };
    const stakes = new Map(there.bets.map(({ match, stake }) => [match.no, stake]));
    for (const { match, score } of plan.send) {
      const which = whichOf(match);
      keepDraft(pool, which, draftFor(pool, which, score, stakes.get(match.no) ?? 0));
    }
    const ground: Ground = { node: there.node, keys, book: bookOf(pool, rules, there.transactions) };
    const on = plan.send.map(({ match }) => ofMatch(match));
    const { sent, late } = await sendTips({ id: pool, ground }, on, Math.floor(now_s));
    const { pool: made } = await keys.openedPool(pool);
    if (made.bets === "sealed" && sent.length > 0) delivers = deliver(ground, { pool, account });
    return { sent: sent.length, same: plan.same, absent: plan.absent + late.length };
  } finally {
    // The workers end once they are needed no more.
    void (delivers ?? Promise.resolve()).catch(() => undefined).finally(end);
  }
}
