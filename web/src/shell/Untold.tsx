import { Trans } from "@lingui/react/macro";
import { useEffect } from "react";

import styles from "../design/Banner.module.css";
import { Button } from "../design/Button";
import { idle } from "../device/idle";
import { useStore } from "../device/store";
import { stopWishing, tellAgain, untold } from "../keys/push";
import { Link } from "../route";

/** A browser that is busy mends messages later. */
const IDLE_MS = 10_000;

/** Mends messages at every start and when the browser drops them; says where it allows none any more. */
export function Untold({ pool, account }: { pool: string; account: string }) {
  const lost = useStore(untold);
  useEffect(() => {
    const mend = () => void tellAgain(pool, account).catch(() => undefined);
    void idle(IDLE_MS).then(mend);
    if (!("serviceWorker" in navigator)) return undefined;
    const { serviceWorker } = navigator;
    const heard = ({ data }: MessageEvent) => {
      if (data === "push") mend();
    };
    serviceWorker.addEventListener("message", heard);
    return () => serviceWorker.removeEventListener("message", heard);
  }, [pool, account]);
  if (!lost) return null;
  return (
    <div className={styles.offer} role="status">
      <p>
        <Trans>This browser stopped your notifications. Allow them in its settings, then turn them on again.</Trans>
      </p>
      <div className={styles.choices}>
        <Link to="/me">
          <Trans>Notifications</Trans>
        </Link>
        <Button look="quiet" onPress={stopWishing}>
          <Trans>No longer</Trans>
        </Button>
      </div>
    </div>
  );
}
