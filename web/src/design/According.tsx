import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import styles from "./According.module.css";

interface Props {
  children: ReactNode;
  /** Whether it stands in a line of text. */
  line?: boolean;
}

/**
 * What only the pool's computer knows, such as who is away: no block holds it, and nothing here can check it. Whatever is drawn of that
 * stands in one of these, which says so.
 */
export function According({ children, line = false }: Props) {
  if (line)
    return (
      <span data-according className={styles.line}>
        {children}{" "}
        <small>
          <Trans>(according to the pool’s computer)</Trans>
        </small>
      </span>
    );
  return (
    <div data-according className={styles.block}>
      {children}
      <small>
        <Trans>According to the pool’s computer. This device can’t check it.</Trans>
      </small>
    </div>
  );
}
