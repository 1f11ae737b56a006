import { MinusIcon, PlusIcon } from "../../design/icons";
import styles from "./Stepper.module.css";

interface Props {
  /** What the field and its buttons are called. */
  label: string;
  less: string;
  more: string;
  value: number | null;
  least: number;
  most: number;
  wrong?: boolean;
  step: (by: 1 | -1) => void;
  type: (text: string) => void;
}

/** A number: buttons for a thumb, digits and arrows for a keyboard. */
export function Stepper({ label, less, more, value, least, most, wrong = false, step, type }: Props) {
  return (
    <div className={styles.stepper}>
      <button
        type="button"
        tabIndex={-1}
        className={styles.step}
        aria-label={less}
        disabled={value === least}
        onClick={() => step(-1)}
      >
        <MinusIcon size={20} />
      </button>
      <input
        className={styles.goals}
        inputMode="numeric"
        autoComplete="off"
        aria-label={label}
        aria-invalid={wrong || undefined}
        placeholder="–"
        value={value ?? ""}
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
        aria-label={more}
        disabled={value === most}
        onClick={() => step(1)}
      >
        <PlusIcon size={20} />
      </button>
    </div>
  );
}
