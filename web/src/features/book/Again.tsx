import { Trans, useLingui } from "@lingui/react/macro";

import { check, checkAll } from "../../checking/check";
import { Percent } from "../../checking/Percent";
import { Button } from "../../design/Button";
import { useStore } from "../../device/store";
import styles from "./Book.module.css";

/** Reads the whole chain again, from its first block, with a bar that shows how far it is. */
export function Again() {
  const { t } = useLingui();
  const now = useStore(check);
  const progress = now.is === "running" ? now.progress : undefined;
  return (
    <div className={styles.again}>
      <Button look="well" wide onPress={() => void checkAll()} isDisabled={now.is === "running"}>
        <Trans>Check everything again, from block 1</Trans>
      </Button>
      {progress !== undefined && (
        <span className={styles.progress}>
          <progress aria-label={t`Progress`} max={progress.of} value={progress.height} />
          <Percent {...progress} />
        </span>
      )}
    </div>
  );
}
