import { useLingui } from "@lingui/react/macro";
import { useEffect, useState, type ReactNode } from "react";

import type { Shapes } from "../node/client";
import { near } from "../node/tips";
import { FoldIcon } from "./icons";
import styles from "./TipChip.module.css";

/** Exact tips whose second of joy was had in this visit. */
const had = new Set<string>();

interface Props {
  /** `exact`: gold. `points`: green. `mine`: one's own that nothing is known of yet. */
  is?: "exact" | "points" | "mine" | "none" | undefined;
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

type BetProps = Pick<Props, "is" | "joy"> & { bet: Shapes["BetBody"] | undefined };

/** The same of a tip that may be hidden, or missing. */
export function BetChip({ bet, is = near(bet), joy }: BetProps) {
  const { t } = useLingui();
  if (bet === undefined) return <TipChip>–</TipChip>;
  if (bet.score == null)
    return (
      <TipChip>
        <span role="img" aria-label={t`Hidden`}>
          <FoldIcon size={18} />
        </span>
      </TipChip>
    );
  return (
    <TipChip is={is} joy={joy}>
      {bet.score.home}:{bet.score.away}
    </TipChip>
  );
}
