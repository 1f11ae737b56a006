import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Sheet } from "../../design/Sheet";
import { matchName } from "../../design/teams";
import { Refusal } from "../../identity/sending/Refusal";
import { useOffice } from "../../identity/sending/useSend";
import styles from "./Organise.module.css";
import { draftOf, NO_RESULT, outcomeOf, resultOf, type Match } from "./outcome";
import { ResultFields } from "./ResultFields";

function Form({ match, done }: { match: Match; done: () => void }) {
  const sending = useOffice();
  const record = match.record ?? undefined;
  const [draft, setDraft] = useState(record === undefined ? NO_RESULT : draftOf(record.outcome));
  const outcome = outcomeOf(draft);
  const why = draft.reason.trim() !== "";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (outcome !== undefined && why) sending.mutate(resultOf(match, outcome), { onSuccess: done });
      }}
    >
      {record !== undefined && (
        <p className={styles.soft}>
          <Trans>What stood before stays in sight, and players may object anew.</Trans>
        </p>
      )}
      <ResultFields match={match} draft={draft} change={setDraft} />
      <Refusal error={sending.error} />
      <Button type="submit" look="main" wide isDisabled={outcome === undefined || !why || sending.isPending}>
        {outcome !== undefined && !why ? <Trans>Say why</Trans> : <Trans>Sign it</Trans>}
      </Button>
    </form>
  );
}

/** Another result of a match than the one that stands or waits, with a reason. */
export function Correct({ match, close }: { match: Match | undefined; close: () => void }) {
  return (
    <Sheet title={match === undefined ? "" : matchName(match)} open={match !== undefined} close={close}>
      {match !== undefined && <Form match={match} done={close} />}
    </Sheet>
  );
}
