import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Score } from "../../design/Score";
import styles from "./FullTime.module.css";
import type { Nearness, Verdict as Is } from "./verdict";

/** How near the player's own tip came, in a word or two. */
const NEAR: Record<Nearness, ReactNode> = {
  exact: <Trans>Exactly right.</Trans>,
  difference: <Trans>Right goal difference.</Trans>,
  winner: <Trans>Right winner.</Trans>,
  draw: <Trans>You saw the draw coming.</Trans>,
  "one-team": <Trans>One team’s goals right.</Trans>,
  wrong: <Trans>Not this time.</Trans>,
  none: null,
};

/** Who else had it. */
function Others({ is, exact, nothing }: Is): ReactNode {
  const [first] = exact;
  const name = <bdi>{first?.name}</bdi>;
  const count = exact.length;
  if (is === "exact") {
    if (first === undefined) return <Trans>Nobody else was.</Trans>;
    return count === 1 ? (
      <Trans>So was {name}.</Trans>
    ) : (
      <Plural value={count} one="So was # other." other="So were # others." />
    );
  }
  if (nothing) return <Trans>Nobody saw that coming.</Trans>;
  if (first === undefined) return <Trans>Nobody had it exactly.</Trans>;
  return count === 1 ? (
    <Trans>{name} had it exactly.</Trans>
  ) : (
    <Plural value={count} one="# had it exactly." other="# had it exactly." />
  );
}

/** What a result made of the tips, as a sentence. */
export const Verdict = ({ verdict }: { verdict: Is }) => (
  <>
    {NEAR[verdict.is]} {verdict.is !== "none" && <br />}
    <em>
      <Others {...verdict} />
    </em>
  </>
);

/** The player's own tip: in gold, with its rays, where it was exactly right; without any where it was not. */
export function OwnTip({ verdict: { is, mine } }: { verdict: Is }) {
  if (mine === undefined) return null;
  const { score, points } = mine;
  return (
    <div className={styles.burst} data-exact={is === "exact" || undefined} data-won={points > 0 || undefined}>
      <p className={styles.own}>
        <span>
          <Trans>Your tip</Trans>
        </span>
        <Score home={score.home} away={score.away} className={styles.tip} />
        <span className={styles.points}>
          {points > 0 ? <Plural value={points} one="+# point" other="+# points" /> : <Trans>no points</Trans>}
        </span>
      </p>
    </div>
  );
}
