import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Choice } from "../../../design/Choice";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { Because } from "../Because";
import styles from "../Organise.module.css";
import { resultOf, type Match } from "../outcome";

/** A match that is not played, or not now; one that is postponed already may still be cancelled. */
export function NotPlayed({ match, done }: { match: Match; done: () => void }) {
  const { t } = useLingui();
  const sending = useOffice();
  const [status, setStatus] = useState<"postponed" | "cancelled">(match.postponed ? "cancelled" : "postponed");
  const [reason, setReason] = useState("");
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (reason.trim() !== "")
          sending.mutate(resultOf(match, { status, reason: reason.trim() }), { onSuccess: done });
      }}
    >
      {!match.postponed && (
        <Choice
          label={t`What happened?`}
          value={status}
          choose={setStatus}
          choices={[
            { value: "postponed", says: <Trans>Postponed</Trans> },
            { value: "cancelled", says: <Trans>Cancelled</Trans> },
          ]}
        />
      )}
      <p className={styles.soft}>
        {status === "postponed" ? (
          <Trans>Tips and stakes stay. Enter the new kick-off here once it is known.</Trans>
        ) : match.status === "scheduled" ? (
          <Trans>
            Nobody can tip it any more, and all stakes are returned. If it is played after all, tips on it count only if
            you postpone it first and enter a new kick-off in time.
          </Trans>
        ) : (
          <Trans>Nobody can tip it any more, and all stakes are returned.</Trans>
        )}
      </p>
      <Because value={reason} change={setReason} />
      <Refusal error={sending.error} />
      <Button type="submit" look="danger" wide isDisabled={reason.trim() === "" || sending.isPending}>
        {reason.trim() === "" ? (
          <Trans>Add a reason</Trans>
        ) : status === "postponed" ? (
          <Trans>Postpone match</Trans>
        ) : (
          <Trans>Cancel match</Trans>
        )}
      </Button>
    </form>
  );
}
