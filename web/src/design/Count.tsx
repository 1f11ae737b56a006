import { Plural } from "@lingui/react/macro";

import styles from "./Count.module.css";

/** How many signatures of this player's are wanted behind a name; nothing where none is. */
export function Count({ of }: { of: number }) {
  if (of === 0) return null;
  return (
    <span className={styles.count}>
      <span aria-hidden="true">{of}</span>
      <span className={styles.silent}>
        {" "}
        <Plural value={of} one="(# signature of yours is wanted)" other="(# signatures of yours are wanted)" />
      </span>
    </span>
  );
}
