import { Trans } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { Sheet } from "../../../design/Sheet";
import { matchName } from "../../../design/teams";
import { useNow } from "../../../node/clock";
import { distance, seconds } from "../../../words/time";
import styles from "../Organise.module.css";
import type { Match } from "../outcome";

/** Asks before a result is sent so soon after its kick-off that it may be none. */
export function Finished({ matches, yes, no }: { matches: readonly Match[]; yes: () => void; no: () => void }) {
  const now_s = useNow();
  return (
    <Sheet title={<Trans>Has it finished?</Trans>} open={matches.length > 0} close={no}>
      <ul className={styles.rows}>
        {matches.map((match) => {
          const ago = match.kickoff == null ? "" : distance(now_s - seconds(match.kickoff));
          return (
            <li key={match.code}>
              <strong>{matchName(match)}</strong> · <Trans>kicked off {ago} ago</Trans>
            </li>
          );
        })}
      </ul>
      <div className={styles.either}>
        <Button look="well" onPress={no}>
          <Trans>Not yet</Trans>
        </Button>
        <Button look="main" onPress={yes}>
          <Trans>Yes, it’s over</Trans>
        </Button>
      </div>
    </Sheet>
  );
}
