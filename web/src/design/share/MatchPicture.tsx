import type { ReactNode } from "react";

import type { Near } from "../near";
import { Disc, type Person } from "../people";
import { Score } from "../Score";
import { Badge, coloursOf, matchName, teamName } from "../teams";
import { Picture } from "./Picture";
import styles from "./MatchPicture.module.css";

interface Goals {
  home: number;
  away: number;
}

/** What somebody tipped, revealed; `near`: how near it came. */
export interface Revealed {
  person: Person;
  score: Goals;
  near?: Near | undefined;
}

interface Props {
  match: { home: { name: string }; away: { name: string } };
  /** Which round, and when. */
  over: ReactNode;
  /** The score, or what stands between the teams before there is one. */
  score: Goals | undefined;
  /** What the score is: of now, or the result. */
  stands: ReactNode;
  tips: readonly Revealed[];
  own?: string | undefined;
  /** What those for home, a draw and away are called. */
  zones: readonly [home: ReactNode, draw: ReactNode, away: ReactNode];
  foot?: ReactNode;
}

const sideOf = ({ home, away }: Goals): 0 | 1 | 2 => {
  if (home === away) return 1;
  return home > away ? 0 : 2;
};

/** So many discs have room in a zone; of the others only how many they are. */
const ROOM = 15;
const LARGE_ROOM = 8;

function Zone({ called, tips, own }: { called: ReactNode; tips: readonly Revealed[]; own: string | undefined }) {
  const shown = tips.length > ROOM ? tips.slice(0, ROOM - 1) : tips;
  const large = tips.length <= LARGE_ROOM;
  return (
    <div className={styles.zone} data-own={tips.some(({ person }) => person.account === own) || undefined}>
      <b className={styles.count}>{tips.length}</b>
      <span className={styles.called}>{called}</span>
      <div className={styles.seats} data-large={large || undefined}>
        {shown.map(({ person, score, near }) => (
          <span key={person.account} className={styles.seat} data-near={near}>
            <Disc person={person} size={large ? 48 : 32} own={person.account === own} />
            <Score {...score} className={styles.tip} />
          </span>
        ))}
        {tips.length > shown.length && <b className={styles.more}>+{tips.length - shown.length}</b>}
      </div>
    </div>
  );
}

/** A match after its kick-off: who believed in whom, and who was right. */
export function MatchPicture({ match, over, score, stands, tips, own, zones, foot }: Props) {
  const sides = [match.home, match.away].map((team) => (
    <span key={team.name} className={styles.team}>
      <Badge team={team} />
      <span>{teamName(team)}</span>
    </span>
  ));
  return (
    <Picture over={over} title={matchName(match)} foot={foot} colours={coloursOf(match.home, match.away)}>
      <div className={styles.match}>
        {sides[0]}
        <span className={styles.middle}>
          <span className={styles.score}>{score === undefined ? "–" : <Score {...score} />}</span>
          <span className={styles.stands}>{stands}</span>
        </span>
        {sides[1]}
      </div>
      <div className={styles.zones}>
        {zones.map((called, side) => (
          <Zone key={side} called={called} own={own} tips={tips.filter((tip) => sideOf(tip.score) === side)} />
        ))}
      </div>
    </Picture>
  );
}
