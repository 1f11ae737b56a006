import { useLingui } from "@lingui/react/macro";

import styles from "./Table.module.css";

/** Places won or lost. */
export function Moved({ by }: { by: number }) {
  const { t } = useLingui();
  if (by === 0) return <span aria-label={t`same place`}>–</span>;
  const places = Math.abs(by);
  return by > 0 ? (
    <span className={styles.up} aria-label={t`up by ${places}`}>
      ▲{places}
    </span>
  ) : (
    <span className={styles.down} aria-label={t`down by ${places}`}>
      ▼{places}
    </span>
  );
}
