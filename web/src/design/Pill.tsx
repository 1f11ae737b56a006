import type { ReactNode } from "react";

import styles from "./Pill.module.css";

interface Props {
  /** `hot`: it closes soon. `live`: a match is being played. `flash`: the one thing on a stage. */
  look?: "plain" | "hot" | "good" | "live" | "flash";
  children: ReactNode;
}

/** A short fact with a colour that says what kind it is. */
export const Pill = ({ look = "plain", children }: Props) => (
  <span className={styles.pill} data-look={look}>
    {children}
  </span>
);
