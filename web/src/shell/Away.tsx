import { Trans } from "@lingui/react/macro";

import { useNear } from "../node/events";
import styles from "../design/Banner.module.css";

/** Says that the node does not answer, for as long as it does not. */
export function Away() {
  const near = useNear();
  return (
    <div role="status" aria-live="polite">
      {near === false && (
        <p className={styles.away}>
          <Trans>
            <strong>This pool’s computer does not answer.</strong> It may be off, or you are in a tunnel. What you see
            is from before; your drafts stay here. This page tries again by itself.
          </Trans>
        </p>
      )}
    </div>
  );
}
