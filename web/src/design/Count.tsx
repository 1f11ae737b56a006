import { Plural } from "@lingui/react/macro";

import styles from "./Count.module.css";
import silent from "./Silent.module.css";

/** How many signatures of this player's are wanted behind a name; nothing where none is. `tight`: on a phone, in the name's corner. */
export function Count({ of, tight = false }: { of: number; tight?: boolean }) {
  if (of === 0) return null;
  return (
    <span className={styles.count} data-tight={tight || undefined}>
      <span aria-hidden="true">{of}</span>
      <span className={silent.silent}>
        {" "}
        <Plural value={of} one="(# needs your signature)" other="(# need your signature)" />
      </span>
    </span>
  );
}
