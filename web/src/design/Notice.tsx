import type { ReactNode } from "react";

import styles from "./Notice.module.css";

/** Something that a player should know, in a box. */
export function Notice({
  look = "plain",
  children,
}: {
  look?: "plain" | "good" | "soon" | "bad";
  children: ReactNode;
}) {
  return (
    <div className={styles.notice} data-look={look} role={look === "bad" ? "alert" : undefined}>
      {children}
    </div>
  );
}
