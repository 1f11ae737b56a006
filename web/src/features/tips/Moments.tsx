import { Trans } from "@lingui/react/macro";

import { matchName } from "../../design/teams";
import silent from "../../design/Silent.module.css";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import { useFreshMoments } from "../../sentences/moments";
import styles from "./Moments.module.css";

/** The way to a moment of these matches that was not watched here yet: the tips that were revealed, or the full time. */
export function Moments({ matches }: { matches: readonly Shapes["MatchBody"][] }) {
  const fresh = useFreshMoments(matches);
  const match = matches.find(({ code }) => fresh.has(code));
  if (match === undefined) return null;
  return (
    <Link to="/match/:code/show" params={{ code: match.code }} className={styles.way}>
      <span className={styles.dot} aria-hidden="true" />
      {fresh.get(match.code) === "kickoff" ? <Trans>See the tips</Trans> : <Trans>See the points</Trans>}
      <span className={silent.silent}>: {matchName(match)}</span>
    </Link>
  );
}
