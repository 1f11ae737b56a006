import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Button } from "../../design/Button";
import { ChevronIcon } from "../../design/icons";
import { Score } from "../../design/Score";
import { Stage } from "../../design/stage/Stage";
import { Badge, useColours, matchName, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import type { Live } from "../../node/live";
import { standing } from "../../node/record";
import { back } from "../../route";
import { MatchPhase } from "../../sentences/MatchPhase";
import { useScoreNow } from "../../sentences/underWay";
import { useCounts } from "../../sentences/useCounts";
import { Moment } from "../../words/Moment";
import { Moved } from "../../words/Moved";
import { roundName } from "../../words/rounds";
import { clockTime, dayName, seconds } from "../../words/time";
import styles from "./Head.module.css";
import { Periods } from "./Periods";

type Match = Shapes["MatchBody"];

function When({ match }: { match: Match }) {
  const now_s = useNow(60);
  if (match.kickoff != null) return <Moment at_s={seconds(match.kickoff)} />;
  if (match.day != null) return <>{dayName(seconds(match.day.begins), now_s)}</>;
  return <Trans>no date yet</Trans>;
}

/** The score, as it is or was; before there is one, the time of the kick-off. */
function Middle({ match, live }: { match: Match; live: Live | undefined }) {
  const score = useScoreNow(match, live) ?? match.record?.score;
  if (score != null) return <Score home={score.home} away={score.away} className={styles.score} />;
  if (match.kickoff == null || standing(match) !== undefined) return <span className={styles.time}>–</span>;
  return <span className={styles.time}>{clockTime(seconds(match.kickoff))}</span>;
}

/** What becomes of stakes and tips, and whether the score can still change. */
function Stands({ match }: { match: Match }): ReactNode {
  const record = standing(match);
  switch (record?.outcome.status) {
    case "cancelled":
    case "abandoned":
      return <Trans>Tips don’t count, and stakes were returned.</Trans>;
    case "postponed":
      return match.status === "scheduled" ? (
        <Trans>No new date yet. You can still tip.</Trans>
      ) : (
        <Trans>No new date yet. Tips still count.</Trans>
      );
    default:
      return record?.provisional === true && <Trans>This result can still change.</Trans>;
  }
}

/** Back to where the reader came from, or to all tips. */
function Back() {
  const { t } = useLingui();
  return (
    <Button look="quiet" aria-label={t`Back`} onPress={() => back({ to: "/" })}>
      <ChevronIcon />
    </Button>
  );
}

interface Props {
  match: Match;
  live: Live | undefined;
  /** What shares a picture of it. */
  share?: ReactNode;
  /** What is known of the tips. */
  children: ReactNode;
}

/** The match on the stage: both teams, the score, and what it is worth. */
export function Head({ match, live, share, children }: Props) {
  const score = useScoreNow(match, live) ?? match.record?.score;
  const side = (which: "home" | "away") => (
    <span className={styles.side} aria-hidden="true">
      <Badge team={match[which]} />
      <span className={styles.team}>{teamName(match[which])}</span>
    </span>
  );
  return (
    <Stage head colours={useColours(match.home, match.away)} className={styles.head}>
      <div className={styles.top}>
        <span className={styles.back}>
          <Back />
        </span>
        <MatchPhase match={match} live={live} />
        <span className={styles.end}>{share}</span>
      </div>
      <h1 className={styles.silent}>
        {score?.home == null
          ? matchName(match)
          : `${teamName(match.home)} ${score.home}:${score.away} ${teamName(match.away)}`}
      </h1>
      <div className={styles.sides}>
        {side("home")}
        <span className={styles.middle} aria-hidden="true">
          <Middle match={match} live={live} />
        </span>
        {side("away")}
      </div>
      <p className={styles.facts}>
        {[roundName(match.stage), ...useCounts(match)].join(" · ")}
        {" · "}
        <When match={match} />
        {live === undefined && match.record != null && <Periods match={match} outcome={match.record.outcome} />}
      </p>
      <p className={styles.facts}>
        <Stands match={match} />
      </p>
      {match.status === "scheduled" && match.moved != null && (
        <p className={styles.moved}>
          <Moved match={match} />
        </p>
      )}
      {children}
    </Stage>
  );
}
