import { useLingui } from "@lingui/react/macro";

import styles from "./Moved.module.css";

/** How many places were won or lost in the last round. */
export function Moved({ by }: { by: number }) {
  const { t } = useLingui();
  const places = Math.abs(by);
  if (by === 0) return null;
  return (
    <span
      className={styles.moved}
      data-up={by > 0 || undefined}
      role="img"
      aria-label={by > 0 ? t`Up ${places}` : t`Down ${places}`}
    >
      {by > 0 ? "▲" : "▼"}
      {places}
    </span>
  );
}
