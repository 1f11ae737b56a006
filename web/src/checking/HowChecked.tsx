import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { ChevronIcon } from "../design/icons";
import styles from "./HowChecked.module.css";

/** What is technical about a place: blocks, signatures, validators. Folded, under everything that players came for. */
export const HowChecked = ({ children }: { children: ReactNode }) => (
  <details className={styles.fold}>
    <summary className={styles.summary}>
      <Trans>How it is checked</Trans>
      <ChevronIcon size={20} />
    </summary>
    <div className={styles.inside}>{children}</div>
  </details>
);
