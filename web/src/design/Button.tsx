import type { ComponentProps } from "react";

import styles from "./Button.module.css";
import { cx } from "./cx";

type Look = "main" | "plain" | "quiet" | "danger" | "well" | "flash" | "stage" | "bare";

interface Props extends Omit<ComponentProps<"button">, "className" | "style" | "onClick" | "disabled"> {
  /** `main` at most once on a screen, `flash` at most once on a stage; `well` and `stage` are the others beside them. */
  look?: Look;
  wide?: boolean;
  isDisabled?: boolean;
  onPress?: () => void;
}

export function Button({ look = "plain", wide = false, isDisabled, onPress, ...rest }: Props) {
  return <button type="button" {...rest} disabled={isDisabled} onClick={onPress} className={buttonClass(look, wide)} />;
}

/** The classes of a button, for a link that looks like one. */
export const buttonClass = (look: Look = "plain", wide = false): string =>
  cx(styles.button, styles[look], wide && styles.wide);
