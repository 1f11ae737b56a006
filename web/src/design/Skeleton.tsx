import { Trans } from "@lingui/react/macro";

import silent from "./Silent.module.css";
import styles from "./Skeleton.module.css";

/** Where `rows` rows will stand, each `height` pixels high, so that nothing jumps when they come. */
export function Skeleton({ rows = 1, height = 48 }: { rows?: number; height?: number }) {
  return (
    <div className={styles.rows} aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={styles.row} style={{ height }} />
      ))}
    </div>
  );
}

/** A whole place that is on its way. */
export function Waiting() {
  return (
    <div role="status">
      <span className={silent.silent}>
        <Trans>One moment</Trans>
      </span>
      <Skeleton rows={1} height={52} />
      <Skeleton rows={5} height={88} />
    </div>
  );
}
