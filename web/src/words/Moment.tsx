import { useState } from "react";

import { useNow } from "../node/clock";
import styles from "./Moment.module.css";
import { exactTime, moment } from "./time";

/** A moment as people say it; the exact one on tap. */
export function Moment({ at_s }: { at_s: number }) {
  const [exact, setExact] = useState(false);
  const now_s = useNow(60);
  return (
    <button type="button" className={styles.moment} onClick={() => setExact(!exact)} title={exactTime(at_s)}>
      <time dateTime={new Date(at_s * 1000).toISOString()}>{exact ? exactTime(at_s) : moment(at_s, now_s)}</time>
    </button>
  );
}
