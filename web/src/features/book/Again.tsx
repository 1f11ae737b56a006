import { Trans, useLingui } from "@lingui/react/macro";

import { check, checkAll } from "../../checking/check";
import { Percent } from "../../checking/Percent";
import { Button } from "../../design/Button";
import { useStore } from "../../device/store";
import styles from "./Book.module.css";

/** Reads the whole book again, from its first page, with a bar that shows how far it is. */
export function Again() {
  const { t } = useLingui();
  const now = useStore(check);
  const progress = now.is === "running" ? now.progress : undefined;
  return (
    <div className={styles.again}>
      <Button onPress={() => void checkAll()} isDisabled={now.is === "running"}>
        <Trans>Check everything again, from block 1</Trans>
      </Button>
      <span className={styles.progress} data-shown={progress !== undefined || undefined}>
        <progress aria-label={t`Progress`} max={progress?.of ?? 1} value={progress?.height ?? 0} />
        {progress !== undefined && <Percent {...progress} />}
      </span>
    </div>
  );
}
