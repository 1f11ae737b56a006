import type { Player } from "../../keys/player";
import { usePassed } from "../../node/clock";
import { useJoined } from "../../node/queries";
import { usePending } from "../drafts/ownTips";

/** So long may a joining be under way before the node shows it: after the first run the node has to start, and to make a block. */
const ENTRY_S = 60;

/** Whether a player is on this device whose joining is neither in the book nor on its way: it was lost. */
export function useLost(player: Player | undefined): boolean {
  const joined = useJoined(player?.account);
  const pending = usePending(player?.account);
  const waited = usePassed([(player?.asked_s ?? 0) + ENTRY_S]) > 0;
  return joined === false && pending.data?.length === 0 && waited;
}
