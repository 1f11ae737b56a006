import { useLingui } from "@lingui/react/macro";

import { Choice } from "../../../design/Choice";
import { teamName } from "../../../design/teams";
import type { Match, ResultDraft } from "../outcome";

interface Props {
  match: Match;
  draft: ResultDraft;
  change: (draft: ResultDraft) => void;
}

/** Which team goes on to the next round. */
export function WhoAdvances({ match, draft, change }: Props) {
  const { t } = useLingui();
  return (
    <Choice
      label={t`Who advances`}
      value={draft.advances ?? "nobody"}
      choose={(side) => change({ ...draft, advances: side === "nobody" ? null : side })}
      choices={[
        { value: "nobody", says: "–" },
        { value: "home", says: teamName(match.home) },
        { value: "away", says: teamName(match.away) },
      ]}
    />
  );
}
