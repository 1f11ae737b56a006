// Changes of the lead, and passes near this device's player, while this page was open.

import { own as ownAnswer } from "../../checking/check";
import { check } from "../../checking/state";
import { nodeTime } from "../../node/clock";
import { hear } from "../../node/events";
import { queries } from "../../node/client";
import { standingsOptions, type Table } from "../../node/queries";
import { store } from "../../device/store";
import { leadOf } from "../../sentences/lead";
import type { Item } from "./feed";

/** What was seen, newest last. */
export const seen = store<Item[]>([]);

/** The place of everybody, as it was last. */
let places: ReadonlyMap<string, number> | undefined;

/** The table: this device's own where it checks, and none before it is known whether it does. */
async function tableNow(): Promise<Table | undefined> {
  const { is } = check.get();
  if (is === "not-begun") return undefined;
  if (is === "off") return queries.query({ ...standingsOptions({}), staleTime: 0 });
  return ownAnswer<Table>("/api/v1/standings?limit=500", false);
}

async function look(own: string | undefined): Promise<void> {
  const table = await tableNow();
  if (table === undefined || table.scored === 0) return;
  const before = places;
  places = new Map(table.items.map(({ player, place }) => [player.account, place]));
  if (before === undefined) return;
  const lead = leadOf(
    table.items.map(({ player, place }) => ({ player, place, before: before.get(player.account) ?? place })),
    own,
  );
  if (lead === undefined || lead.is === "stay") return;
  const at_s = Math.floor(nodeTime() / 1000);
  seen.set([...seen.get(), { is: "leads", key: `leads ${at_s}`, at_s, lead }]);
}

/** Watches the table until what it gives is called. `own`: the account of this device's player. */
export function watchLeader(own?: string): () => void {
  const again = (): void => void look(own).catch(() => undefined);
  again();
  const begins = check.watch(() => {
    begins();
    again();
  });
  const deaf = hear((name) => {
    if (name === "standings") again();
  });
  return () => {
    begins();
    deaf();
  };
}
