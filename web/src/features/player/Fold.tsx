import type { ReactNode } from "react";

import { ChevronIcon } from "../../design/icons";
import styles from "./Fold.module.css";

/** What few ask for, below its heading until somebody does. */
export const Fold = ({ title, aside, children }: { title: ReactNode; aside?: ReactNode; children: ReactNode }) => (
  <details className={styles.fold}>
    <summary>
      <h2>{title}</h2>
      {aside !== undefined && <span className={styles.aside}>{aside}</span>}
      <ChevronIcon size={20} />
    </summary>
    <div className={styles.inside}>{children}</div>
  </details>
);
