import { playerOptions } from "../node/queries";
import { known } from "./check";
import type { Answers } from "./compare";

/** A player's page, asked for by name or account, as the answer that its line of the table is. */
export async function lineOf(player: string, fresh: boolean): Promise<Answers> {
  const { account, name, chips, standing, players, provisional } = await known(playerOptions(player), fresh);
  const line = { ...standing, player: { account, name }, chips };
  // Another's page in place of the one that was asked for is no line of that account.
  const asked = player.startsWith("bolao1") ? player : account;
  return [{ of: { route: "standings", account: asked }, body: { players, provisional, items: [line] } }];
}
