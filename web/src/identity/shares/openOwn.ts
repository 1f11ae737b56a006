// Opens one's own seals once their matches have kicked off, whenever the page is open and the keys are not locked.

import { useCallback } from "react";

import { readToEnd } from "../../checking/check";
import type { Shapes } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { useNear } from "../../node/events";
import { useJoined, useMatches, usePlayerBets } from "../../node/queries";
import type { Opening } from "../../rules";
import { store } from "../../device/store";
import { signer } from "../../keys/signer";
import { misnamed, nonceOf } from "../drafts/ownTips";
import { playerOf } from "../../keys/player";
import { isPassing, Refused } from "../../node/refused";
import { matchesOf, signAndSend } from "../sending/send";
import { useTries } from "../sending/useTries";

type Bet = Shapes["BetBody"];
type Match = Pick<Shapes["MatchBody"], "no" | "kickoff" | "day" | "postponed">;

/** So late a block closes a match that has kicked off. */
const SOON_MS = 60_000;

/** Why own seals are not opened yet; `StaysLocked` while the keys want their passphrase. */
export const openingError = store<unknown>(null);

let busy = false;
/**
 * What was sent or refused for good, and until when (unix milliseconds) it is not tried again: not at every event, but a node that
 * swallows an opening, or lies that it is refused, holds it up only for so long.
 */
const rests = new Map<string, number>();
const RESTS_MS = 5 * 60_000;

const nameOf = ({ transaction, match }: Bet): string => `${transaction} ${match.no}`;

/** Whether a match has begun by what the node says: then it is worth reading the book for it. */
function hasBegun({ kickoff, day, postponed }: Match, now_ms: number): boolean {
  const begins = kickoff ?? day?.ends;
  return !postponed && begins != null && Date.parse(begins) <= now_ms;
}

/** This device has not found in the book that the matches have begun which the node says have. */
export class NotBegun extends Error {}

/** They have by blocks of which none is final, and long ago. */
export class Undecided extends NotBegun {}

/** What time it is at least. A node with a clock that is ahead is to learn nothing before; nor is one that lies about the matches. */
const sure_ms = (): number => Math.min(nodeTime(), Date.now());

/** The seals that are to be opened where kick-offs have passed until then. */
function ripe(bets: Bet[], matches: Match[], until_ms: number): Bet[] {
  const begun = new Set(matches.filter((match) => hasBegun(match, until_ms)).map(({ no }) => no));
  const isRipe = (bet: Bet): boolean => bet.sealed && bet.missed !== true && begun.has(bet.match.no);
  return bets.filter((bet) => isRipe(bet) && (rests.get(nameOf(bet)) ?? 0) <= Date.now());
}

function rest(bets: Bet[], ms = RESTS_MS): void {
  for (const bet of bets) rests.set(nameOf(bet), Date.now() + ms);
}

/**
 * Opens what has begun, once at a time. `ask`: whether the passphrase may be asked for. `undecided`: the player says that it has begun
 * although no final block does.
 */
export async function openOwn(
  pool: string,
  bets: Bet[],
  matches: Match[],
  ask: boolean,
  undecided = false,
): Promise<void> {
  const account = playerOf(pool)?.account;
  if (busy || account === undefined || ripe(bets, matches, sure_ms()).length === 0) return;
  busy = true;
  try {
    const rules = await signer(pool, ask);
    const book = await readToEnd(ask);
    if (book === undefined) throw new NotBegun("the book was not read");
    const begunBy = async (undecided: boolean): Promise<Bet[]> => {
      const begun = new Set(await book.begun(Math.floor(sure_ms() / 1000), undecided));
      return ripe(bets, matches, sure_ms()).filter(({ match }) => begun.has(match.no));
    };
    const wanted = await begunBy(undecided);
    if (wanted.length === 0) {
      if ((await begunBy(true)).length > 0) throw new Undecided("no final block says that they have begun");
      // The block that closes a match comes a moment after its kick-off.
      if (ripe(bets, matches, sure_ms() - SOON_MS).length === 0) return;
      throw new NotBegun("the book does not say that they have begun");
    }
    const seals = await Promise.all(
      wanted.map(async ({ match, transaction, commitment }) => ({
        match_no: match.no,
        nonce: await nonceOf(transaction),
        commitment: commitment ?? "",
      })),
    );
    const answers = await rules.openings(seals);
    const shut = wanted.filter((_, at) => answers[at] === null);
    for (const { transaction } of shut) misnamed.add(transaction);
    rest(shut, SOON_MS);
    const openings = answers.filter((it): it is Opening => it !== null);
    const own = wanted.filter((_, at) => answers[at] !== null);
    const leftOut =
      openings.length === 0
        ? []
        : await signAndSend(rules, account, { openings }, (signed) => {
            rest(own.filter(({ match }) => matchesOf(signed).includes(match.no)));
          }).catch((error: unknown) => {
            if (error instanceof Refused && !error.passing) rest(own);
            throw error;
          });
    const again = leftOut.filter(({ code }) => isPassing({ code: code ?? "", status: 0 }));
    rest(own.filter(({ match }) => !again.some(({ match_no }) => match_no === match.no)));
    const [first] = again;
    openingError.set(first === undefined ? null : new Refused(first.code ?? "", "it cannot be opened yet"));
  } catch (error) {
    // The node opens its own player's, the keepers open what they were dealt; whoever is first, it is open.
    openingError.set(error);
  } finally {
    busy = false;
  }
}

/** Opens own seals as their matches begin. */
export function useOpenOwn(pool: string, account: string | undefined): void {
  const near = useNear();
  const { data: bets } = usePlayerBets(useJoined(account) === true ? account : undefined);
  const { data: matches } = useMatches();
  const sealed = near === true && bets?.some((bet) => bet.sealed && bet.missed !== true) === true;
  const attempt = useCallback(() => {
    if (bets === undefined || matches === undefined || playerOf(pool)?.account !== account) return;
    void openOwn(pool, bets, matches, false);
  }, [pool, account, bets, matches]);
  useTries(sealed ? attempt : undefined, () => openingError.get() !== null);
}

/** Own seals that have begun and that nobody has opened yet, and what opens them with the passphrase, `undecided` or not. */
export function useUnopened(pool: string, account: string) {
  const { data: bets = [] } = usePlayerBets(useJoined(account) === true ? account : undefined);
  const { data: matches = [] } = useMatches();
  return {
    ripe: ripe(bets, matches, sure_ms()),
    open: (undecided: boolean) => openOwn(pool, bets, matches, true, undecided),
  };
}
