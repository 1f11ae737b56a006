import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { TextField } from "../../../design/TextField";
import { Refusal } from "../../../identity/sending/Refusal";
import { isZone } from "../../../words/time";
import styles from "../Organise.module.css";

/** Whose days those of matches without a time are, and whose else they may be: organisers elsewhere sign the same. */
export function Days({ zone, read }: { zone: string; read: (zone: string) => Promise<void> }) {
  const { t } = useLingui();
  const [typed, setTyped] = useState<string>();
  const reading = useMutation({ mutationFn: read });
  const wanted = typed?.trim() ?? "";
  return (
    <div className={styles.form}>
      <p className={styles.soft}>
        <Trans>Matches without a time use the days of this time zone: {zone}.</Trans>
      </p>
      {typed === undefined ? (
        <Button look="quiet" onPress={() => setTyped("")}>
          <Trans>Use another time zone</Trans>
        </Button>
      ) : (
        <>
          <TextField
            label={t`Which time zone?`}
            hint={t`For example Europe/Lisbon`}
            value={typed}
            onChange={setTyped}
          />
          <Refusal error={reading.error} />
          <Button isDisabled={!isZone(wanted) || reading.isPending} onPress={() => reading.mutate(wanted)}>
            <Trans>Compare again</Trans>
          </Button>
        </>
      )}
    </div>
  );
}
