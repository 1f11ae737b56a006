import { useEffect, useState, type ReactNode } from "react";

import styles from "./TipChip.module.css";

/** Exact tips whose second of joy was had in this visit. */
const had = new Set<string>();

interface Props {
  /** `exact`: gold. `points`: green. `mine`: one's own that nothing is known of yet. */
  is?: "exact" | "points" | "mine" | "none";
  /** What names an exact tip: it jumps for joy once. */
  joy?: string | undefined;
  children: ReactNode;
}

/** The score of a tip, in the colour of what it gives. */
export function TipChip({ is = "none", joy, children }: Props) {
  const [fresh] = useState(() => joy !== undefined && !had.has(joy));
  useEffect(() => {
    if (joy !== undefined) had.add(joy);
  }, [joy]);
  return (
    <span className={styles.chip} data-is={is} data-joy={(fresh && is === "exact") || undefined}>
      {children}
    </span>
  );
}
