// Changes of the lead, and passes near this device's player, while this page was open.

import { agreed } from "../../checking/agreed";
import { standings } from "../../checking/questions";
import { check } from "../../checking/state";
import { nodeTime } from "../../node/clock";
import { hear } from "../../node/events";
import { store } from "../../device/store";
import { leadOf } from "../../sentences/lead";
import type { Item } from "./feed";

/** What was seen, newest last. */
export const seen = store<Item[]>([]);

/** The place of everybody, as it was last. */
let places: ReadonlyMap<string, number> | undefined;

async function ask() {
  const table = await standings.ask(true);
  return { table, answers: standings.answers(table) };
}

/** The table; not before the book says the same, where this device checks, and none before it is known whether it does. */
async function tableNow() {
  const { is } = check.get();
  if (is === "not-begun") return undefined;
  return (is === "off" ? await ask() : await agreed("leader", ask, false))?.table;
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
