import { Button as Pressable, type ButtonProps } from "react-aria-components/Button";

import styles from "./Button.module.css";
import { cx } from "./cx";

type Look = "main" | "plain" | "quiet" | "danger" | "well" | "flash" | "stage" | "bare";

interface Props extends Omit<ButtonProps, "className" | "style"> {
  /** `main` at most once on a screen, `flash` at most once on a stage; `well` and `stage` are the others beside them. */
  look?: Look;
  wide?: boolean;
}

export function Button({ look = "plain", wide = false, ...rest }: Props) {
  return <Pressable {...rest} className={cx(styles.button, styles[look], wide && styles.wide)} />;
}

/** The classes of a button, for a link that looks like one. */
export const buttonClass = (look: Look = "plain", wide = false): string =>
  cx(styles.button, styles[look], wide && styles.wide);
