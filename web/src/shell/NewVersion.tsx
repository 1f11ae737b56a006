import { Trans } from "@lingui/react/macro";

import { Button } from "../design/Button";
import styles from "../design/Banner.module.css";
import { waiting } from "../device/app";
import { useStore } from "../device/store";

/** Says that another version of the page waits, and changes to it on a tap. */
export function NewVersion() {
  const next = useStore(waiting);
  const version = next?.version ?? "";
  return (
    <div role="status" aria-live="polite">
      {next !== undefined && (
        <div className={styles.offer}>
          <p>
            <Trans>
              <strong>A new version of this page is ready</strong> ({version}).
            </Trans>
          </p>
          <Button onPress={next.use}>
            <Trans>Use it</Trans>
          </Button>
        </div>
      )}
    </div>
  );
}
