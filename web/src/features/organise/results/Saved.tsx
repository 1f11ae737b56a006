import { Trans } from "@lingui/react/macro";
import { useEffect, useEffectEvent } from "react";

import { TickIcon } from "../../../design/icons";
import styles from "./Results.module.css";

/** So long it stays. */
const STAYS_MS = 30_000;

/** Says for a while that results were saved. `waits`: other organisers must confirm them too. */
export function Saved({ waits, over }: { waits: boolean; over: () => void }) {
  const end = useEffectEvent(over);
  useEffect(() => {
    const timer = setTimeout(() => end(), STAYS_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={styles.saved}>
      <span className={styles.mark}>
        <TickIcon size={24} />
      </span>
      {waits ? (
        <Trans>Saved. It counts as soon as enough organisers have confirmed it.</Trans>
      ) : (
        <Trans>Saved. The table has been updated.</Trans>
      )}
    </div>
  );
}
