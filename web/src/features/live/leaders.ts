// Who took the lead while this page was open.

import { queries } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { hear } from "../../node/events";
import { standingsOptions } from "../../node/queries";
import { store } from "../../shell/store";
import type { Item } from "./feed";

/** What was seen, newest last. */
export const seen = store<Item[]>([]);

let leader: string | undefined;

async function look(): Promise<void> {
  const { items, scored } = await queries.query({ ...standingsOptions({}), staleTime: 0 });
  const [first, second] = items;
  if (first === undefined || scored === 0 || second?.place === 1) return;
  if (leader !== undefined && leader !== first.player.account) {
    const at_s = Math.floor(nodeTime() / 1000);
    seen.set([...seen.get(), { is: "leads", key: `leads ${at_s}`, at_s, player: first.player }]);
  }
  leader = first.player.account;
}

/** Watches the table until what it gives is called. */
export function watchLeader(): () => void {
  look().catch(() => undefined);
  return hear((name) => {
    if (name === "standings") look().catch(() => undefined);
  });
}
