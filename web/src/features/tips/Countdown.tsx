import { Trans } from "@lingui/react/macro";

import { useNow } from "../../node/clock";
import { clockTime, seconds, span } from "../../words/time";
import styles from "./Row.module.css";
import type { Shapes } from "../../node/client";

/** What closes within so many seconds stands out. */
const SOON_S = 3 * 3600;

/** When betting on a match ends: its time, and what is left until then. */
export function Countdown({ match }: { match: Shapes["MatchBody"] }) {
  const coarse_s = useNow(30);
  const deadline_s = match.deadline == null ? null : seconds(match.deadline);
  const close = deadline_s !== null && deadline_s - coarse_s < 660;
  const now_s = useNow(close ? 1 : 30);
  if (deadline_s === null) return match.postponed ? null : <Trans>no date yet</Trans>;
  const left_s = deadline_s - now_s;
  const time = match.kickoff == null ? null : clockTime(seconds(match.kickoff));
  const left = span(left_s);
  return (
    <>
      {time !== null && <span>{time}</span>}
      {left_s > 0 && left_s < 172_800 && (
        <strong className={styles.left} data-soon={left_s < SOON_S || undefined}>
          <Trans>{left} left</Trans>
        </strong>
      )}
    </>
  );
}
