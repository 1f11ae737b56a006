import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";

import { TickIcon } from "../../design/icons";
import { Refusal } from "../../identity/sending/Refusal";
import type { PersonProps } from "../extra";
import { Asks } from "./Asks";
import styles from "./Fee.module.css";
import { money } from "./fee";
import { useFee } from "./useFee";
import { useNote } from "./useNote";

/** The refusals of a note, in the page's words. */
const WHY = {
  "unknown-payer": <Trans>The pool doesn’t know this player yet. Try again in a minute.</Trans>,
};

/** Whether a player has paid: one tap asks, and another signs that it is so, or is not. */
export function Note({ pool, player }: PersonProps) {
  const { t, i18n } = useLingui();
  const fee = useFee(pool);
  const { paid, busy, note } = useNote(pool, player);
  // What is asked stays as it was read, also where another organiser notes the same meanwhile.
  const [asked, ask] = useState<boolean>();
  const button = useRef<HTMLButtonElement>(null);
  if (fee === undefined) return null;
  const { name } = player;
  const close = (): void => {
    ask(undefined);
    // What was tapped is gone: without this the focus would be nowhere.
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={styles.paid}
        aria-label={t`Paid: ${name}`}
        aria-pressed={paid}
        aria-busy={busy}
        aria-expanded={asked !== undefined}
        onClick={() => {
          // What is on its way is waited for: the next tap says something else once it is there.
          if (!busy) ask(asked === undefined ? !paid : undefined);
        }}
      >
        {paid && <TickIcon size={16} />}
        <Trans>Paid</Trans>
      </button>
      {asked !== undefined && (
        <Asks
          name={name}
          amount={asked ? money(i18n, fee.amount, fee.currency) : undefined}
          sign={() => {
            note.mutate(asked);
            close();
          }}
          close={close}
        />
      )}
      {note.isError && (
        <div className={styles.refused}>
          <Refusal error={note.error} words={WHY} />
        </div>
      )}
    </>
  );
}
