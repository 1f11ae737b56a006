import { Trans } from "@lingui/react/macro";

import type { Shapes } from "../../node/client";
import { useLiveMatches } from "../../node/live";
import { MatchLink } from "../../sentences/ActionText";
import { LiveScore } from "../../sentences/LiveScore";
import styles from "./Live.module.css";

/** Matches that are played now, with their scores, which nothing on this page checks. */
export function UnderWay({ matches }: { matches: readonly Shapes["MatchBody"][] }) {
  const played = useLiveMatches(matches);
  if (played.length === 0) return null;
  return (
    <section className={styles.day}>
      <h2>
        <Trans>Under way</Trans>
      </h2>
      <ul className={styles.items}>
        {played.map(({ match, live }) => (
          <li key={match.code} className={styles.under}>
            <MatchLink match={match} />
            <span className={styles.now}>
              <LiveScore live={live} />
            </span>
          </li>
        ))}
      </ul>
      <p className={styles.soft}>
        <Trans>Not results yet: they are in no block, so no device can check them.</Trans>
      </p>
    </section>
  );
}
