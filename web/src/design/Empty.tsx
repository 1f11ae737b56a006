import type { ReactNode } from "react";

import styles from "./Empty.module.css";

/** A place in which there is nothing yet: what will be here, and what to do. */
export function Empty({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <section className={styles.empty}>
      <h2>{title}</h2>
      {children !== undefined && <div className={styles.text}>{children}</div>}
    </section>
  );
}
