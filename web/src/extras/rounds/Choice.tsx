import { Trans, useLingui } from "@lingui/react/macro";

import { Choice as Pick } from "../../design/Choice";
import type { ChoiceProps } from "../extra";

const WINS = "wins";

/** What separates equal points where a file of rules says nothing of it. */
const USUAL = ["exact", "differences", "tendencies", "fewer_missing"];

/** Whether rounds won separate equal points in a new pool; not asked where there is only one round. */
export function Choice({ rounds, tieBreaks = USUAL, separateBy, Question }: ChoiceProps) {
  const { t } = useLingui();
  const others = tieBreaks.filter((name) => name !== WINS);
  const name = others.length === tieBreaks.length ? "none" : WINS;
  if (rounds.length < 2) return null;
  return (
    <Question
      follows={
        name === "none" ? (
          <Trans>Rounds can be won, but that changes nothing in the table.</Trans>
        ) : (
          <Trans>
            The most points in a round win it; players who are level share it. With equal points in the table, the
            player with more rounds won is ahead.
          </Trans>
        )
      }
    >
      <Pick
        label={t`Rounds won?`}
        value={name}
        choose={(next) => separateBy(next === "none" ? others : [WINS, ...others])}
        choices={[
          { value: "none", says: <Trans>No</Trans> },
          { value: WINS, says: <Trans>They separate equal points</Trans> },
        ]}
      />
    </Question>
  );
}
