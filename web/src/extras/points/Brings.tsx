import { Fragment } from "react";

import { isKnockOut } from "../through/knockOut";
import type { Game } from "./games";

interface Props {
  game: Game;
  /** The rounds of the pool's matches. */
  rounds: readonly string[];
  /** Whether nothing else is chosen to separate equal points. */
  separates: boolean;
}

/** What a game brings besides its points. */
export function Brings({ game, rounds, separates }: Props) {
  const sentences = [
    game.brings,
    rounds.some(isKnockOut) ? game.inKnockOut : undefined,
    separates ? game.separates : undefined,
  ].filter((it) => it !== undefined);
  return sentences.map((sentence, at) => (
    <Fragment key={at}>
      {at > 0 && " "}
      {sentence}
    </Fragment>
  ));
}
