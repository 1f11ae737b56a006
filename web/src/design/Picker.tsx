import { useId, type ReactNode } from "react";

import styles from "./Picker.module.css";

interface Props {
  label: ReactNode;
  value: string;
  choices: readonly { value: string; says: string }[];
  choose: (value: string) => void;
}

/** One of many, from the device's own list. */
export function Picker({ label, value, choices, choose }: Props) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <select id={id} className={styles.select} value={value} onChange={(event) => choose(event.target.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.says}
          </option>
        ))}
      </select>
    </div>
  );
}
