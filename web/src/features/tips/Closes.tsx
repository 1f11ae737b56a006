import { Trans } from "@lingui/react/macro";

import { Pill } from "../../design/Pill";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { moment, seconds, span } from "../../words/time";
import styles from "./Editor.module.css";
import { SOON_S } from "./groups";

type Match = Shapes["MatchBody"];

/** How many seconds are left until a match closes; by the second once that matters. */
function useLeft({ deadline }: Match): number {
  const at_s = deadline == null ? Infinity : seconds(deadline);
  const coarse_s = useNow(30);
  const now_s = useNow(at_s - coarse_s < 660 ? 1 : 30);
  return at_s - now_s;
}

/** Until when a match takes tips: what is left where it closes soon, else when it is. */
export function Closes({ match }: { match: Match }) {
  const now_s = useNow(60);
  const left_s = useLeft(match);
  const at = match.kickoff ?? match.deadline;
  const left = span(left_s);
  if (match.postponed)
    return (
      <Pill>
        <Trans>Postponed</Trans>
      </Pill>
    );
  if (at == null)
    return (
      <Pill>
        <Trans>No date yet</Trans>
      </Pill>
    );
  return left_s < SOON_S ? (
    <Pill look="hot">
      <Trans>Closes in {left}</Trans>
    </Pill>
  ) : (
    <Pill>
      <span className={styles.when}>{moment(seconds(at), now_s)}</span>
    </Pill>
  );
}

/** Beside a day's name: when the first of its matches closes, if that is soon. */
export function FirstCloses({ match }: { match: Match }) {
  const left_s = useLeft(match);
  const left = span(left_s);
  if (left_s >= SOON_S || left_s <= 0) return null;
  return (
    <Pill look="hot">
      <Trans>First closes in {left}</Trans>
    </Pill>
  );
}
