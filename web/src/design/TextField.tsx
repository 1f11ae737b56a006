import type { ReactNode } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea } from "react-aria-components/TextArea";
import { TextField as Field, type TextFieldProps } from "react-aria-components/TextField";

import styles from "./TextField.module.css";

interface Props extends Omit<TextFieldProps, "className" | "style" | "children"> {
  label: ReactNode;
  /** What helps to fill it in. */
  hint?: ReactNode;
  /** What is wrong with what stands in it. */
  error?: ReactNode;
  placeholder?: string;
  /** What stands before the field, on its line. */
  beside?: ReactNode;
  /** Rows, for a longer text. */
  rows?: number;
  /** The id of a list of what may stand in it. */
  list?: string;
}

export function TextField({ label, hint, error, placeholder, beside, rows, list, ...rest }: Props) {
  return (
    <Field {...rest} className={styles.field} isInvalid={error !== undefined && error !== null && error !== false}>
      <Label className={styles.label}>{label}</Label>
      {rows === undefined ? (
        <div className={styles.row}>
          {beside}
          <Input className={styles.input} placeholder={placeholder} list={list} />
        </div>
      ) : (
        <TextArea className={styles.input} placeholder={placeholder} rows={rows} />
      )}
      {hint !== undefined && (
        <Text slot="description" className={styles.hint}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error}>{error}</FieldError>
    </Field>
  );
}
