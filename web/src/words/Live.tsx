import { Trans } from "@lingui/react/macro";

import type { Shapes } from "../node/client";
import { useLive } from "../node/queries";
import styles from "./Live.module.css";

/** The live score of a match that is played and has no record; in no block, and not checked. */
export function useLiveScore(match: Shapes["MatchBody"]): Shapes["LiveBody"] | undefined {
  const { data } = useLive();
  return match.record == null ? data?.items.find((live) => live.match.no === match.no) : undefined;
}

/** A live score, which is told from a result by its mark. */
export function Live({ live }: { live: Shapes["LiveBody"] }) {
  const { home, away, minute } = live;
  return (
    <span className={styles.live}>
      <strong>
        {home} : {away}
      </strong>{" "}
      <span className={styles.mark}>
        <Trans>live</Trans>
        {minute != null && ` ${minute}′`}
      </span>
    </span>
  );
}
