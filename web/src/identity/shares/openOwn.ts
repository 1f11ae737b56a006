// Opens one's own seals once what they are about has begun, whenever the page is open and the keys are not locked.

import { useCallback, useMemo } from "react";

import { readToEnd } from "../../checking/check";
import type { Shapes } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { useNear } from "../../node/events";
import { useMatches, useOpenings } from "../../node/queries";
import type { Opening } from "../../rules";
import { store } from "../../device/store";
import { signer } from "../../keys/signer";
import { playerOf } from "../../keys/player";
import { isPassing, Refused } from "../../node/refused";
import { matchesOf, signAndSend } from "../sending/send";
import { useTries } from "../sending/useTries";

type Seal = Shapes["KeptSealBody"];

/** So late a block closes what has begun. */
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

const nameOf = ({ commitment, match }: Seal): string => `${commitment} ${match.no}`;

/** This device has not found in the book that those have begun of which the node says so. */
export class NotBegun extends Error {}

/** They have by blocks of which none is final, and long ago. */
export class Undecided extends NotBegun {}

/** What time it is at least. A node with a clock that is ahead is to learn nothing before; nor is one that lies about them. */
const sure_ms = (): number => Math.min(nodeTime(), Date.now());

/** The seals that are to be opened if that is the time: by what the node says, it is worth reading the book for them. */
const ripe = (seals: readonly Seal[], until_ms: number): Seal[] =>
  seals.filter(
    (seal) =>
      !seal.waits &&
      seal.begins != null &&
      Date.parse(seal.begins) <= until_ms &&
      (rests.get(nameOf(seal)) ?? 0) <= Date.now(),
  );

function rest(seals: Seal[], ms = RESTS_MS): void {
  for (const seal of seals) rests.set(nameOf(seal), Date.now() + ms);
}

/**
 * Opens what has begun, once at a time. `ask`: whether the passphrase may be asked for. `undecided`: the player says that it has begun
 * although no final block does.
 */
export async function openOwn(pool: string, seals: readonly Seal[], ask: boolean, undecided = false): Promise<void> {
  const account = playerOf(pool)?.account;
  if (busy || account === undefined || ripe(seals, sure_ms()).length === 0) return;
  busy = true;
  try {
    const rules = await signer(pool, ask);
    const book = await readToEnd(ask);
    if (book === undefined) throw new NotBegun("the book was not read");
    const begunBy = async (undecided: boolean): Promise<Seal[]> => {
      const begun = new Set(await book.begun(Math.floor(sure_ms() / 1000), undecided));
      return ripe(seals, sure_ms()).filter(({ match }) => begun.has(match.no));
    };
    const wanted = await begunBy(undecided);
    if (wanted.length === 0) {
      if ((await begunBy(true)).length > 0) throw new Undecided("no final block says that they have begun");
      // The block that closes a match comes a moment after its kick-off.
      if (ripe(seals, sure_ms() - SOON_MS).length === 0) return;
      throw new NotBegun("the book does not say that they have begun");
    }
    const answers = await rules.openings(
      wanted.map(({ match, nonce, commitment }) => ({ match_no: match.no, nonce, commitment })),
    );
    // The node may name another nonce by then.
    rest(
      wanted.filter((_, at) => answers[at] === null),
      SOON_MS,
    );
    const openings = answers.filter((it): it is Opening => it !== null);
    const own = wanted.filter((_, at) => answers[at] !== null);
    const leftOut =
      openings.length === 0
        ? []
        : await signAndSend(rules, { pool, account }, { openings }, (signed) => {
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

/** What an account has sealed; none of a match that was put off, whose time may still stand. */
function useSeals(account: string | undefined): Seal[] | undefined {
  const { data: openings } = useOpenings(account);
  const { data: matches } = useMatches();
  return useMemo(() => {
    if (matches === undefined) return undefined;
    const putOff = new Set(matches.flatMap(({ no, postponed }) => (postponed ? no : [])));
    return openings?.seals.filter(({ match }) => !putOff.has(match.no));
  }, [openings, matches]);
}

/** Opens own seals as what they are about begins. */
export function useOpenOwn(pool: string, account: string | undefined): void {
  const near = useNear();
  const seals = useSeals(account);
  const sealed = near === true && seals !== undefined && seals.length > 0;
  const attempt = useCallback(() => {
    if (seals === undefined || playerOf(pool)?.account !== account) return;
    void openOwn(pool, seals, false);
  }, [pool, account, seals]);
  useTries(sealed ? attempt : undefined, () => openingError.get() !== null);
}

/** Own seals that have begun and that nobody has opened yet, and what opens them with the passphrase, `undecided` or not. */
export function useUnopened(pool: string, account: string) {
  const seals = useSeals(account) ?? [];
  return {
    ripe: ripe(seals, sure_ms()),
    open: (undecided: boolean) => openOwn(pool, seals, true, undecided),
  };
}
