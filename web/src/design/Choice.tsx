import { useEffect, useId, useRef, type ReactNode } from "react";

import styles from "./Choice.module.css";
import hidden from "./Silent.module.css";

/** Pills that go on behind the edge fade there. */
const FADE_PX = 20;

interface Props<Value extends string> {
  label: ReactNode;
  value: Value;
  choices: readonly { value: Value; says: ReactNode }[];
  choose: (value: Value) => void;
  /** Whether the label is only read out. */
  silent?: boolean;
  /** `pills`: many, in a row that scrolls. */
  look?: "segments" | "pills";
}

/** One of a few, side by side. */
export function Choice<Value extends string>({
  label,
  value,
  choices,
  choose,
  silent = false,
  look = "segments",
}: Props<Value>) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  // Where not all fit, the chosen one is in sight.
  useEffect(() => {
    const chosen = row.current?.querySelector(":checked")?.parentElement;
    if (row.current === null || chosen == null) return;
    const end = chosen.offsetLeft + chosen.offsetWidth + FADE_PX;
    if (end > row.current.scrollLeft + row.current.clientWidth) row.current.scrollLeft = end - row.current.clientWidth;
    if (chosen.offsetLeft < row.current.scrollLeft) row.current.scrollLeft = chosen.offsetLeft;
  }, [value, choices.length]);
  return (
    <div role="radiogroup" aria-labelledby={id} className={styles.group}>
      <span id={id} className={silent ? hidden.silent : styles.label}>
        {label}
      </span>
      <div ref={row} className={styles.choices} data-look={look}>
        {choices.map((choice) => (
          <div key={choice.value} className={styles.field}>
            <input
              type="radio"
              id={`${id}-${choice.value}`}
              name={id}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => choose(choice.value)}
              className={hidden.silent}
            />
            <label htmlFor={`${id}-${choice.value}`} className={styles.choice}>
              {choice.says}
            </label>
          </div>
        ))}
      </div>
    </div>
  );
}
