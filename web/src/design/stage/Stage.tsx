import type { CSSProperties, ReactNode } from "react";

import { cx } from "../cx";
import styles from "./Stage.module.css";

interface Props {
  children: ReactNode;
  /** The colours of both teams, at its edges. */
  colours?: readonly [home: string, away: string] | undefined;
  /** Whether it is the head of a place: edge to edge on a phone, with a round foot. */
  head?: boolean;
  className?: string | undefined;
}

/** Where a moment is shown: a mown pitch, dark green in both themes. Everything else is paper. */
export function Stage({ children, colours, head = false, className }: Props) {
  return (
    <div
      className={cx(styles.stage, className)}
      data-head={head || undefined}
      data-teams={colours !== undefined || undefined}
      style={colours && ({ "--home": colours[0], "--away": colours[1] } as CSSProperties)}
    >
      {children}
    </div>
  );
}
