import { t } from "@lingui/core/macro";

import { Brings } from "./Brings";
import { GAMES, gameOf } from "./games";
import type { Way } from "./way";

/** Points as in a famous game: its rules count where nothing else is chosen. */
export const AS_IN_GAME: Way<"game"> = {
  key: "game",
  group: () => t`As in …`,
  names: () => Object.keys(GAMES),
  of: (name) => {
    const game = gameOf(name);
    return (
      game && {
        ...game,
        follows: (rounds, separates) => <Brings game={game} rounds={rounds} separates={separates} />,
      }
    );
  },
  hasTieBreaks: true,
};
