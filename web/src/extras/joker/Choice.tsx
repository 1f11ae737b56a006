import { Trans, useLingui } from "@lingui/react/macro";

import { Choice as Pick } from "../../design/Choice";
import type { ChoiceProps } from "../extra";

const RULES = {
  none: undefined,
  stage: { factor: 2, per_stage: 1 },
  all: { factor: 2, in_all: 3 },
};

type Name = keyof typeof RULES;

const nameOf = (chosen: unknown): Name =>
  chosen === undefined ? "none" : (chosen as { in_all?: number }).in_all === undefined ? "stage" : "all";

/** Whether a new pool has jokers. */
export function Choice({ features, change, Question }: ChoiceProps) {
  const { t } = useLingui();
  const name = nameOf(features.jokers);
  return (
    <Question
      follows={
        name === "none" ? (
          <Trans>Every match counts the same for everyone.</Trans>
        ) : (
          <Trans>
            A tip with a joker counts double. Everyone sees where the joker is, and it can move until tips close.
          </Trans>
        )
      }
    >
      <Pick
        label={t`Jokers?`}
        value={name}
        choose={(next) => change({ ...features, jokers: RULES[next] })}
        choices={[
          { value: "none", says: <Trans>None</Trans> },
          { value: "stage", says: <Trans>One each round</Trans> },
          { value: "all", says: <Trans>Three in all</Trans> },
        ]}
      />
    </Question>
  );
}
