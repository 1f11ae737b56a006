import { Trans, useLingui } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import { Picker } from "../../design/Picker";
import { matchName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { byKickoff } from "../../node/kickoffs";
import { roundName } from "../../words/rounds";
import styles from "./Table.module.css";

interface Props {
  matches: readonly Shapes["MatchBody"][];
  from: Shapes["MatchBody"] | undefined;
  choose: (code: string) => void;
}

/** From which match on the table counts: few ever ask. */
export function Since({ matches, from, choose }: Props) {
  const { t } = useLingui();
  const scheduled = matches.filter((match) => match.kickoff != null).sort(byKickoff);
  if (scheduled.length < 2) return null;
  return (
    <div className={styles.since}>
      {from === undefined ? (
        <Button look="quiet" onPress={() => choose(scheduled[0]?.code ?? "")}>
          <Trans>Count only from a later match</Trans>
        </Button>
      ) : (
        <Picker
          label={t`Count from`}
          value={from.code}
          choices={[
            { value: "", says: t`All matches` },
            ...scheduled.map((match) => ({
              value: match.code,
              says: `${matchName(match)} (${roundName(match.stage)})`,
            })),
          ]}
          choose={choose}
        />
      )}
    </div>
  );
}
