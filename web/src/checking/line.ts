import { playerOptions, standingsOptions } from "../node/queries";
import { known, LONG_TABLE } from "./check";
import type { Answers } from "./compare";

/** A player's page, as the answer that its line of the table is, which stands in the table that is compared itself. */
export async function lineOf(player: string, fresh: boolean): Promise<Answers> {
  const page = await known(playerOptions(player), fresh);
  // A long table is not read for one line of it.
  if (page.players > LONG_TABLE) return [];
  const { account, name, chips, standing } = page;
  const { items, players, scored, provisional } = await known(standingsOptions({}), fresh);
  const after = items.findIndex((line) => line.player.account === account);
  const line = { ...standing, player: { account, name }, chips };
  return [
    {
      of: { route: "standings", stage: null, after: Math.max(0, after) },
      body: { players, scored, provisional, items: [line], next_cursor: "" },
    },
  ];
}
