import { Trans, useLingui } from "@lingui/react/macro";
import { useId, useState } from "react";

import styles from "./Stake.module.css";

/** Chips on a tip. Folded away while there are none, unless the rules require some. */
export function Stake({
  stake,
  least,
  most,
  put,
}: {
  stake: number;
  least: number;
  most: number;
  put: (chips: number) => void;
}) {
  const { t } = useLingui();
  const id = useId();
  const [open, setOpen] = useState(stake > 0 || least > 0);
  const [tapped, setTapped] = useState(false);
  const [odd, setOdd] = useState(false);
  if (!open) {
    return (
      <button
        type="button"
        className={styles.open}
        onClick={() => {
          setTapped(true);
          setOpen(true);
        }}
      >
        <Trans>Stake chips</Trans>
      </button>
    );
  }
  const wrong = odd || stake > most || (stake < least && least > 0);
  return (
    <span className={styles.stake}>
      <label htmlFor={id}>
        <Trans>Stake</Trans>
      </label>
      <input
        id={id}
        className={styles.chips}
        // What was tapped is gone: without this the focus would be nowhere.
        autoFocus={tapped}
        inputMode="numeric"
        autoComplete="off"
        value={stake === 0 ? "" : stake}
        placeholder="0"
        aria-invalid={wrong}
        aria-label={t`Chips staked, ${least} to ${most}`}
        onFocus={(event) => event.target.select()}
        onBlur={() => setOdd(false)}
        onChange={({ target: { value } }) => {
          const number = /^\d*$/.test(value);
          setOdd(!number);
          if (number) put(Number(value.slice(0, 12)));
        }}
      />
      {wrong && (
        <span className={styles.wrong} role="status">
          {odd ? (
            <Trans>
              A number from {least} to {most}
            </Trans>
          ) : (
            <Trans>
              {least} to {most}
            </Trans>
          )}
        </span>
      )}
    </span>
  );
}
