import type { ReactNode } from "react";

import type { Shapes } from "../../node/client";
import { namesOf } from "../../words/Names";
import { Disc } from "./Disc";
import styles from "./Person.module.css";

/** A person in a row: the disc, the name, what is said of them, what can be done. */
export function Person({
  who,
  own = false,
  says,
  children,
}: {
  who: Shapes["PlayerRef"];
  own?: boolean;
  says?: ReactNode;
  children?: ReactNode;
}) {
  const name = namesOf([who]);
  return (
    <li className={styles.person}>
      <Disc person={{ account: who.account, name }} own={own} />
      <span className={styles.who}>
        <strong className={styles.name}>{name}</strong>
        {says !== undefined && <span className={styles.soft}>{says}</span>}
      </span>
      {children}
    </li>
  );
}
