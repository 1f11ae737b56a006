import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";

import { actsOnTheWay, onTheWayOptions } from "../../identity/drafts/ownTips";
import { send } from "../../identity/sending/send";
import { usePlayerHere } from "../../keys/player";
import { signer } from "../../keys/signer";
import type { Shapes } from "../../node/client";
import { usePlayers } from "../../node/queries";
import { standsInBook } from "../inBook";

type Player = Pick<Shapes["PlayerBody"], "account" | "name" | "paid_to">;
type Act = Shapes["Action"];

/** Signs and sends whether a player has paid, if the chain has the player's account under the name that was shown. */
async function notePaid(pool: string, { account, name }: Player, paid: boolean): Promise<void> {
  // It may be an hour until the passphrase is given.
  await signer(pool);
  await standsInBook(account, "", (player) => player.name === name);
  await send(pool, { type: "paid", player: account, paid });
}

/** What is noted of a player, by an act that is among these. */
const notedIn = (acts: readonly Act[], account: string): boolean | undefined =>
  acts.flatMap((act) => (act.type === "paid" && act.player.account === account ? [act.paid] : []))[0];

/** Whether a player has paid, as it is to be; whether that is on its way; and what notes it. */
export function useNote(pool: string, player: Player) {
  const way = onTheWayOptions(usePlayerHere(pool)?.account);
  const { data: onTheWay } = useQuery(way);
  const read_ms = usePlayers().dataUpdatedAt;
  const queries = useQueryClient();
  const note = useMutation({
    mutationFn: (paid: boolean) => notePaid(pool, player, paid),
    // It is on its way until the list of what waits for a block has it.
    onSuccess: () => queries.invalidateQueries({ queryKey: way.queryKey }, { cancelRefetch: false }),
  });
  const noted = player.paid_to != null;
  const waits = onTheWay && notedIn(actsOnTheWay(onTheWay, read_ms), player.account);
  const paid = note.isPending ? note.variables : (waits ?? noted);
  return { paid, busy: note.isPending || paid !== noted, note };
}
