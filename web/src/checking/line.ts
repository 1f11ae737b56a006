import { playerOptions } from "../node/queries";
import { known } from "./check";
import type { Answers } from "./compare";

/** A player's page, as the answer that its line of the table is. */
export async function lineOf(player: string, fresh: boolean): Promise<Answers> {
  const { account, name, chips, standing, players } = await known(playerOptions(player), fresh);
  const line = { ...standing, player: { account, name }, chips };
  return [{ of: { route: "standings", account }, body: { players, items: [line] } }];
}
