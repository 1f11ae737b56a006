import type { ReactNode } from "react";

import { Badge, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { clockTime, seconds } from "../../words/time";
import styles from "./Line.module.css";

type Match = Shapes["MatchBody"];

/** A name longer than this is set smaller. */
const LONG = 12;

function Name({ team, side }: { team: Match["home"]; side: "home" | "away" }) {
  const name = teamName(team);
  return (
    <span className={styles[side]} data-long={name.length > LONG || undefined}>
      {name}
    </span>
  );
}

interface Props {
  match: Match;
  /** In place of its kick-off. */
  time?: ReactNode;
  /** What stands on the card's axis, whatever the teams are called. */
  children: ReactNode;
  end?: ReactNode;
}

/** A match in one line, as high as `--row`. */
export function Line({ match, time, children, end }: Props) {
  // Behind a plain space "PM" may stand below.
  const kickoff = match.kickoff == null ? "" : clockTime(seconds(match.kickoff)).replace(/\s/g, " ");
  return (
    <>
      <span className={styles.time}>{time ?? kickoff}</span>
      <Name team={match.home} side="home" />
      <Badge team={match.home} />
      <span className={styles.middle}>{children}</span>
      <Badge team={match.away} />
      <Name team={match.away} side="away" />
      <span className={styles.end}>{end}</span>
    </>
  );
}
