import { Trans, useLingui } from "@lingui/react/macro";

import { Choice as Pick } from "../../design/Choice";
import type { ChoiceProps } from "../extra";
import { isKnockOut } from "./knockOut";

const RULES = { none: undefined, one: { points: 1 } };

/** Whether a new pool gives points for the team that goes through; not asked where no match has such a team. */
export function Choice({ rounds, features, change, Question }: ChoiceProps) {
  const { t } = useLingui();
  const name = features.through === undefined ? "none" : "one";
  if (!rounds.some(isKnockOut)) return null;
  return (
    <Question
      follows={
        name === "none" ? (
          <Trans>In knock-out matches only the score counts.</Trans>
        ) : (
          <Trans>
            In knock-out matches, the right team that goes through gives one point more. If you tip a draw, you can name
            the team.
          </Trans>
        )
      }
    >
      <Pick
        label={t`Who goes through?`}
        value={name}
        choose={(next) => change({ ...features, through: RULES[next] })}
        choices={[
          { value: "none", says: <Trans>None</Trans> },
          { value: "one", says: <Trans>One point more</Trans> },
        ]}
      />
    </Question>
  );
}
