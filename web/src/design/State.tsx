import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../node/client";
import { FoldIcon, TickIcon } from "./icons";
import styles from "./State.module.css";

/** How sure a tip is: in pencil, in ink, stamped. */
export type TipState = "draft" | "sent" | "booked" | "stamped" | "late";

/** The same of what a node says of something in a block. `proven`: up to which block that may be true, where this is known. */
export function stateOf(place: Shapes["PlaceState"] | undefined, height: number, proven = Infinity): TipState {
  if (place === "final" && height <= proven) return "stamped";
  return place === "final" || place === "in_block" ? "booked" : "sent";
}

const WORDS: Record<TipState, ReactNode> = {
  draft: <Trans>Draft</Trans>,
  sent: <Trans>Sent</Trans>,
  booked: <Trans>In a block</Trans>,
  stamped: <Trans>Confirmed</Trans>,
  late: <Trans>Too late</Trans>,
};

/** The pill that says so. `fresh`: it has just become so before the reader's eyes. */
export function State({ is, sealed = false, fresh = false }: { is: TipState; sealed?: boolean; fresh?: boolean }) {
  return (
    <span className={styles.state} data-is={is} data-fresh={fresh || undefined}>
      {(is === "sent" || is === "booked") && <span className={styles.ring} aria-hidden="true" />}
      {is === "stamped" && <TickIcon size={14} />}
      {WORDS[is]}
      {sealed && (
        <span className={styles.seal}>
          <FoldIcon size={14} />
          <Trans>Hidden</Trans>
        </span>
      )}
    </span>
  );
}
