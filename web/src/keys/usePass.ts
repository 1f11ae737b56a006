import { useEffect, useState } from "react";

import { useStore } from "../device/store";
import { queries } from "../node/client";
import { outside } from "../node/outside";
import { hasPass, passOf, takePass } from "./pass";
import { usePlayerHere } from "./player";
import { asked } from "./signer";

/** Keeps the pass of this device's player, where the pool wants one. `waits`: the node may let this browser in shortly. */
export function usePass(pool: string): { refused: boolean; waits: boolean } {
  const player = usePlayerHere(pool);
  const account = player?.account;
  const refused = useStore(outside);
  // A key that was locked may be open once its passphrase was asked for.
  const asking = useStore(asked) !== undefined;
  // Whoever has just asked to be let in may look from then on.
  const who = player && `${player.account} ${player.asked_s ?? 0}`;
  const [tried, setTried] = useState<string>();
  useEffect(() => {
    if (account === undefined || asking || (!refused && passOf(pool) === undefined)) return;
    if (hasPass(pool, account) && (!refused || tried === who)) return;
    void takePass(pool, false)
      .then(() => (refused ? queries.invalidateQueries() : undefined))
      .catch(() => undefined)
      .finally(() => setTried(who));
  }, [pool, account, who, refused, asking, tried]);
  return { refused, waits: refused && who !== undefined && tried !== who };
}
