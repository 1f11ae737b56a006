import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";

import silent from "../../design/Silent.module.css";
import type { Shapes } from "../../node/client";
import type { Column } from "../extra";
import { ROUND, roundsText } from "./wins";

const Name = ({ inLine = false }) => (inLine ? <Trans>rounds</Trans> : <Trans>Rounds</Trans>);

function Cell({ line: { wins } }: { line: Shapes["StandingBody"] }) {
  const { i18n } = useLingui();
  if (wins == null) return null;
  const count = wins / ROUND;
  const text = roundsText(wins, (rounds) =>
    i18n.number(rounds, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
  );
  return (
    <>
      <span aria-hidden="true">{text}</span>
      <span className={silent.silent}>{plural(count, { one: `${text} round won`, other: `${text} rounds won` })}</span>
    </>
  );
}

/** How many rounds each player has won. */
export const column: Column = {
  isIn: ({ items }) => items.some(({ wins }) => wins != null),
  Name,
  Cell,
  isForCrowns: true,
};
