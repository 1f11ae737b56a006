import type { ReactNode } from "react";

import styles from "./Details.module.css";
import { ChevronIcon } from "./icons";

/** What few ask for, folded under a line. */
export const Details = ({ title, children }: { title: ReactNode; children: ReactNode }) => (
  <details className={styles.fold}>
    <summary className={styles.summary}>
      {title}
      <ChevronIcon size={20} />
    </summary>
    <div className={styles.inside}>{children}</div>
  </details>
);
