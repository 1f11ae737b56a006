import { useLingui } from "@lingui/react/macro";

import { MinusIcon, PlusIcon } from "../../design/icons";
import styles from "./Stepper.module.css";
import { MOST_GOALS } from "./stepper";

/** Goals of one team: buttons for a thumb, digits and arrows for a keyboard. */
export function Stepper({
  team,
  goals,
  step,
  type,
}: {
  team: string;
  goals: number | null;
  step: (by: 1 | -1) => void;
  type: (text: string) => void;
}) {
  const { t } = useLingui();
  return (
    <div className={styles.stepper}>
      <button
        type="button"
        tabIndex={-1}
        className={styles.step}
        aria-label={t`One goal less for ${team}`}
        disabled={goals === 0}
        onClick={() => step(-1)}
      >
        <MinusIcon size={20} />
      </button>
      <input
        className={styles.goals}
        inputMode="numeric"
        autoComplete="off"
        aria-label={t`Goals of ${team}`}
        placeholder="–"
        value={goals ?? ""}
        onChange={(event) => type(event.target.value)}
        onFocus={(event) => event.target.select()}
        onKeyDown={(event) => {
          const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : undefined;
          if (by === undefined) return;
          event.preventDefault();
          step(by);
        }}
      />
      <button
        type="button"
        tabIndex={-1}
        className={styles.step}
        aria-label={t`One goal more for ${team}`}
        disabled={goals === MOST_GOALS}
        onClick={() => step(1)}
      >
        <PlusIcon size={20} />
      </button>
    </div>
  );
}
