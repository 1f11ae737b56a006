import { Trans } from "@lingui/react/macro";

import type { Live } from "../node/live";
import styles from "./LiveScore.module.css";

/** That a score is one of now and no result, with the minute where it is known. */
export function LiveMark({ minute }: Pick<Live, "minute">) {
  return (
    <span className={styles.mark}>
      <Trans>live</Trans>
      {minute != null && ` · ${minute}′`}
    </span>
  );
}

/** A score of now as it looks nowhere else: no result has this colour. */
export const LiveGoals = ({ live: { home, away } }: { live: Live }) => (
  <span className={styles.goals}>
    {home}:{away}
  </span>
);
