import { useEffect } from "react";

import type { Shapes } from "../node/client";
import { useNear } from "../node/events";
import { useJoined, useMatches, usePlayerBets } from "../node/queries";
import type { Opening } from "../rules";
import { hand } from "./hand";
import { nonceOf } from "./ownTips";
import { playerOf } from "./player";
import { signAndSend } from "./send";

let busy = false;
/** What was tried and refused, so that it is not tried at every event. */
const tried = new Set<string>();

async function openThem(pool: string, account: string, bets: Shapes["BetBody"][]): Promise<void> {
  const rules = await hand(pool, false);
  const seals = await Promise.all(
    bets.map(async ({ match, transaction, commitment }) => ({
      match_no: match.no,
      nonce: await nonceOf(transaction),
      commitment: commitment ?? "",
    })),
  );
  const openings = (await rules.openings(seals)).filter((it): it is Opening => it !== null);
  if (openings.length > 0) await signAndSend(rules, account, { type: "open", openings });
}

/** Opens one's own seals once their matches have kicked off, whenever the page is open and the keys are not locked. */
export function useOpenOwn(pool: string, account: string | undefined): void {
  const near = useNear();
  const { data: bets } = usePlayerBets(useJoined(account) === true ? account : undefined);
  const { data: matches } = useMatches();
  useEffect(() => {
    if (near !== true || account === undefined || bets === undefined || matches === undefined || busy) return;
    if (playerOf(pool)?.account !== account) return;
    const begun = new Set(matches.filter(({ status }) => status !== "scheduled").map(({ no }) => no));
    const ripe = bets.filter(
      ({ sealed, missed, match, transaction }) =>
        sealed && missed !== true && begun.has(match.no) && !tried.has(`${transaction} ${match.no}`),
    );
    if (ripe.length === 0) return;
    busy = true;
    for (const { transaction, match } of ripe) tried.add(`${transaction} ${match.no}`);
    openThem(pool, account, ripe)
      // The node opens its own player's, the keepers open what they were dealt; whoever is first, it is open.
      .catch(() => undefined)
      .finally(() => {
        busy = false;
      });
  }, [near, pool, account, bets, matches]);
}
