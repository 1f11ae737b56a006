import { Trans } from "@lingui/react/macro";

import { useNow } from "../node/clock";
import { useFromBefore, useNear } from "../node/events";
import { useOldest } from "../node/oldest";
import styles from "../design/Banner.module.css";
import { moment } from "../words/time";

/** Says that the node does not answer, for as long as it does not; and of what an earlier visit kept, of when it is. */
export function Away() {
  const away = useNear() === false;
  const kept = useFromBefore();
  const now_s = useNow(60);
  const oldest_s = useOldest();
  const when = kept && oldest_s !== undefined ? moment(oldest_s, now_s) : undefined;
  return (
    <div role="status" aria-live="polite">
      {away && (
        <p className={styles.away}>
          {when === undefined ? (
            <Trans>
              <strong>Can’t reach the pool.</strong> Its computer may be off, or you may have lost your connection. You
              see what was here before; your drafts are safe. Trying again automatically.
            </Trans>
          ) : (
            <Trans>
              <strong>Can’t reach the pool. Showing {when}.</strong> Its computer may be off, or you may have lost your
              connection. What you see was saved on this device and is not checked; your drafts are safe. Trying again
              automatically.
            </Trans>
          )}
        </p>
      )}
    </div>
  );
}
