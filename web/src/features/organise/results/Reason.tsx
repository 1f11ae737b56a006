import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Because } from "../Because";
import styles from "../Organise.module.css";

/** Why a result is another one: one of the usual reasons, or what is written. */
export function Reason({ value, change }: { value: string; change: (reason: string) => void }) {
  const { t } = useLingui();
  const usual = [t`Typo`, t`Wrong score in the feed`, t`Decided later by the federation`];
  const [other, setOther] = useState(value !== "" && !usual.includes(value));
  const choice = (says: string, checked: boolean, choose: () => void) => (
    <label key={says} className={styles.tick}>
      <input type="radio" name="reason" checked={checked} onChange={choose} />
      {says}
    </label>
  );
  return (
    <fieldset className={styles.reasons}>
      <legend>
        <Trans>Why?</Trans>
      </legend>
      {usual.map((says) =>
        choice(says, !other && value === says, () => {
          setOther(false);
          change(says);
        }),
      )}
      {choice(t`Something else`, other, () => {
        setOther(true);
        change("");
      })}
      {other && <Because value={value} change={change} />}
    </fieldset>
  );
}
