import { Trans } from "@lingui/react/macro";

import styles from "./Tier.module.css";

/** What the "*" beside points means. */
export const Star = () => (
  <p className={styles.star}>
    <Trans>This result can still change.</Trans>
  </p>
);
