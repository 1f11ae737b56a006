import type { ReactNode } from "react";

import { Badge, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import styles from "./Teams.module.css";

type Teams = Pick<Shapes["Fixture"], "home" | "away">;

/** Both teams, one below the other, and what stands below them. */
export const Pair = ({ match, children }: { match: Teams; children?: ReactNode }) => (
  <span className={styles.pair}>
    {[match.home, match.away].map((team, at) => (
      <span key={at} className={styles.team}>
        <Badge team={team} />
        <span className={styles.name}>{teamName(team)}</span>
      </span>
    ))}
    {children}
  </span>
);

/** Both teams in a line around a score. */
export const Line = ({ match, children }: { match: Teams; children: ReactNode }) => (
  <p className={styles.around}>
    <Badge team={match.home} />
    <b className={styles.name}>{teamName(match.home)}</b>
    {children}
    <b className={styles.name}>{teamName(match.away)}</b>
    <Badge team={match.away} />
  </p>
);
