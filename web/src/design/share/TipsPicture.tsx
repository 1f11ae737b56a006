import type { ReactNode } from "react";

import type { Near } from "../../node/tips";
import { Disc, type Person } from "../people";
import { Score } from "../Score";
import { Badge, teamName } from "../teams";
import { Picture } from "./Picture";
import styles from "./TipsPicture.module.css";

interface Goals {
  home: number;
  away: number;
}

/** A tip of a match that has begun. */
export interface RevealedTip {
  match: { home: { name: string }; away: { name: string } };
  tip: Goals;
  near?: Near | undefined;
  points?: number | null | undefined;
}

interface Props {
  person: Person;
  over: ReactNode;
  tips: readonly RevealedTip[];
  foot?: ReactNode;
}

/** So many have room. */
const MOST_TIPS = 10;
const FEW = 7;

/** Somebody's tips of matches that have begun, with what they gave. */
export function TipsPicture({ person, over, tips, foot }: Props) {
  return (
    <Picture over={over} title={person.name} foot={foot}>
      <div className={styles.tips} data-few={tips.length <= FEW || undefined}>
        {tips.slice(0, MOST_TIPS).map(({ match, tip, near, points }) => (
          <div key={`${match.home.name} ${match.away.name}`} className={styles.tip} data-near={near}>
            <span className={styles.name}>{teamName(match.home)}</span>
            <Badge team={match.home} />
            <Score {...tip} className={styles.score} />
            <Badge team={match.away} />
            <span className={styles.name}>{teamName(match.away)}</span>
            <b className={styles.points}>{points != null && (points > 0 ? `+${points}` : points)}</b>
          </div>
        ))}
      </div>
      <div className={styles.who}>
        <Disc person={person} size={80} />
      </div>
    </Picture>
  );
}
