import { Trans } from "@lingui/react/macro";

import { Score } from "../../design/Score";
import { Stage } from "../../design/stage/Stage";
import { Badge, useColours, matchName, teamName } from "../../design/teams";
import { TipChip } from "../../design/TipChip";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { ofMatch } from "../../identity/tippable";
import type { Shapes } from "../../node/client";
import { useGains, type Live } from "../../node/live";
import { nearNow } from "../../node/tips";
import { Link } from "../../route";
import { MatchPhase } from "../../sentences/MatchPhase";
import { Split } from "../../sentences/Split";
import { useScoreNow } from "../../sentences/underWay";
import { clockTime, seconds } from "../../words/time";
import styles from "./Card.module.css";

interface Props {
  match: Shapes["MatchBody"];
  live: Live | undefined;
  bets: readonly Shapes["BetBody"][] | undefined;
  players: number;
  /** This device's player's. */
  tip: OwnTip | undefined;
  /** Whether somebody plays on this device. */
  plays: boolean;
}

function Mine({ tip, live, match, plays }: Omit<Props, "bets" | "players">) {
  const gains = useGains(plays && live !== undefined);
  if (!plays) return null;
  const open = match.status === "scheduled";
  if (tip === undefined)
    return open ? (
      <Link to="/" className={styles.now}>
        <Trans>Tip now</Trans>
      </Link>
    ) : (
      <span className={styles.mine}>
        <Trans>You didn’t tip this match.</Trans>
      </span>
    );
  const near =
    tip.score === null || live === undefined ? undefined : nearNow(tip.score, live, tip.bet?.player.account, gains);
  return (
    <span className={styles.mine}>
      <Trans>Your tip</Trans>
      <TipChip key={near} is={near ?? "mine"} joy={`live ${match.code} ${near}`}>
        {tip.score === null ? "–" : ofMatch(match).says(tip.score, ":")}
      </TipChip>
    </span>
  );
}

/** A match that is played, or the next one that will be, on the stage. */
export function Card({ match, live, bets, players, tip, plays }: Props) {
  const score = useScoreNow(match, live);
  return (
    <Stage colours={useColours(match.home, match.away)} className={styles.card}>
      <MatchPhase match={match} live={live} />
      <h2 className={styles.sides}>
        <Link to="/match/:code" params={{ code: match.code }} className={styles.link} aria-label={matchName(match)} />
        <span className={styles.side}>
          <Badge team={match.home} />
          <span>{teamName(match.home)}</span>
        </span>
        {score !== undefined ? (
          <Score home={score.home} away={score.away} className={styles.score} />
        ) : (
          <span className={styles.time}>{match.kickoff == null ? "–" : clockTime(seconds(match.kickoff))}</span>
        )}
        <span className={styles.side}>
          <Badge team={match.away} />
          <span>{teamName(match.away)}</span>
        </span>
      </h2>
      {bets !== undefined && <Split match={match} bets={bets} players={players} />}
      <Mine match={match} live={live} tip={tip} plays={plays} />
    </Stage>
  );
}
