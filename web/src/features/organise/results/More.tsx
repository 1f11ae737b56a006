import { Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { Sheet } from "../../../design/Sheet";
import { matchName } from "../../../design/teams";
import { Because } from "../Because";
import styles from "../Organise.module.css";
import { NO_RESULT, type Match, type ResultDraft } from "../outcome";
import { LiveFields } from "./LiveFields";
import { ResultFields } from "./ResultFields";

interface Props {
  match: Match;
  draft: ResultDraft;
  change: (draft: ResultDraft) => void;
  account: string;
  open: boolean;
  close: () => void;
}

/** All that is rare about a match without a result: what it ended in, its other scores, its score of now. */
export function More({ match, draft, change, account, open, close }: Props) {
  return (
    <Sheet title={matchName(match)} open={open} close={close}>
      <ResultFields match={match} draft={draft} change={change} />
      <Because value={draft.reason} change={(reason) => change({ ...draft, reason })} />
      <div className={styles.either}>
        <Button
          look="well"
          onPress={() => {
            change(NO_RESULT);
            close();
          }}
        >
          <Trans>Clear</Trans>
        </Button>
        <Button look="main" onPress={close}>
          <Trans>Done</Trans>
        </Button>
      </div>
      {match.kickoff != null && (
        <details className={styles.folded}>
          <summary>
            <Trans>Live score</Trans>
          </summary>
          <LiveFields match={match} account={account} />
        </details>
      )}
    </Sheet>
  );
}
