import { lineOf } from "../../checking/line";
import { known } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";
import { playerBetsOptions, usePlayerBets } from "../../node/queries";
import type { Shapes } from "../../node/client";

/** The tips of a player, and has them and the player's line compared. `asked`: the name or account that the page was asked for by. */
export function useFigures(asked: string, page: Shapes["PlayerPage"]) {
  const { account } = page;
  useAsked(`player ${account}`, (fresh) => lineOf(asked, fresh));
  useAsked(`tips ${account}`, async (fresh) => [
    {
      of: { route: "player-bets", account },
      body: { items: await known(playerBetsOptions(account), fresh) },
    },
  ]);
  return usePlayerBets(account);
}
