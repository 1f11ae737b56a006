import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { ScoreFields } from "../../../design/ScoreFields";
import { Sheet } from "../../../design/Sheet";
import { matchName, teamName } from "../../../design/teams";
import { useAsksWhoAdvances } from "../../../extras";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { useMatches, usePool } from "../../../node/queries";
import styles from "../Organise.module.css";
import { draftOf, hasScores, NO_RESULT, outcomeOf, resultOf, saysMore, type Match, type ResultDraft } from "../outcome";
import { Pair } from "../Teams";
import { isLeg, isUntold, withAdvancing } from "./advances";
import { Reason } from "./Reason";
import { ResultFields } from "./ResultFields";
import { WhoAdvances } from "./WhoAdvances";

function Form({ match, done }: { match: Match; done: () => void }) {
  const sending = useOffice();
  const record = match.record ?? undefined;
  const [draft, setDraft] = useState(record === undefined ? NO_RESULT : draftOf(record.outcome));
  const outcome = outcomeOf(draft);
  const asks = useAsksWhoAdvances(usePool().id)(match);
  const { data: matches } = useMatches();
  const leg = matches === undefined || isLeg(match, matches);
  const asked = asks && isUntold(draft);
  const change = (next: ResultDraft): void => setDraft(asks ? withAdvancing(draft, next, leg) : next);
  const why = draft.reason.trim() !== "";
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (outcome !== undefined && why) sending.mutate(resultOf(match, outcome), { onSuccess: done });
      }}
    >
      {hasScores(draft.status) && (
        <div className={styles.line}>
          <Pair match={match} />
          <ScoreFields
            home={teamName(match.home)}
            away={teamName(match.away)}
            value={draft.after_90}
            change={(after_90) => change({ ...draft, after_90 })}
          />
        </div>
      )}
      {asked && <WhoAdvances match={match} draft={draft} change={setDraft} />}
      <Reason value={draft.reason} change={(reason) => setDraft({ ...draft, reason })} />
      <details className={styles.folded} open={saysMore({ ...draft, reason: "", ...(asked && { advances: null }) })}>
        <summary>
          <Trans>More…</Trans>
        </summary>
        <ResultFields match={match} draft={draft} change={change} asked={asked} />
      </details>
      {record !== undefined && (
        <p className={styles.soft}>
          <Trans>The old result stays visible, and players can object again.</Trans>
        </p>
      )}
      <Refusal error={sending.error} />
      <Button type="submit" look="main" wide isDisabled={outcome === undefined || !why || sending.isPending}>
        {outcome !== undefined && !why ? <Trans>Add a reason</Trans> : <Trans>Save the correction</Trans>}
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
