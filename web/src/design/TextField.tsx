import { useId, type ComponentProps, type ReactNode } from "react";

import { cx } from "./cx";
import styles from "./TextField.module.css";

type Native = Omit<ComponentProps<"input"> & ComponentProps<"textarea">, "className" | "style" | "onChange" | "ref">;

interface Props extends Native {
  label: ReactNode;
  /** What helps to fill it in. */
  hint?: ReactNode;
  /** What is wrong with what stands in it. */
  error?: ReactNode;
  /** What stands before the field, on its line. */
  beside?: ReactNode;
  /** Rows, for a longer text. */
  rows?: number;
  onChange: (text: string) => void;
}

export function TextField({ label, hint, error, beside, rows, onChange, ...rest }: Props) {
  const id = useId();
  const wrong = error !== undefined && error !== null && error !== false;
  const field = {
    ...rest,
    id,
    className: styles.input,
    "aria-invalid": wrong || undefined,
    "aria-describedby": cx(hint !== undefined && `${id}-hint`, wrong && `${id}-error`) || undefined,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value),
  };
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {rows === undefined ? (
        <div className={styles.row}>
          {beside}
          <input {...field} />
        </div>
      ) : (
        <textarea {...field} rows={rows} />
      )}
      {hint !== undefined && (
        <span id={`${id}-hint`} className={styles.hint}>
          {hint}
        </span>
      )}
      {wrong && (
        <span id={`${id}-error`} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
