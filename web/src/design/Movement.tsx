import { useLingui } from "@lingui/react/macro";

import { cx } from "./cx";
import styles from "./Movement.module.css";

/** Places won or lost. */
export function Movement({ by, className }: { by: number; className?: string | undefined }) {
  const { t } = useLingui();
  const places = Math.abs(by);
  if (by === 0)
    return (
      <span className={styles.moved} role="img" aria-label={t`same place`}>
        –
      </span>
    );
  return (
    <span
      className={cx(styles.moved, className)}
      data-by={by > 0 ? "up" : "down"}
      role="img"
      aria-label={by > 0 ? t`up by ${places}` : t`down by ${places}`}
    >
      {by > 0 ? "▲" : "▼"}
      {places}
    </span>
  );
}
