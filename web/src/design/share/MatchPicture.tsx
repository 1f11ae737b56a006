import { Plural, Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../../node/client";
import { near, SIDES, sideOf } from "../../node/tips";
import { namesOf } from "../../words/Names";
import { Disc, personOf } from "../people";
import { Score } from "../Score";
import { Badge, useColours, teamName } from "../teams";
import { Picture } from "./Picture";
import styles from "./MatchPicture.module.css";

type Goals = Shapes["ScoreBody"];
type Bet = Shapes["BetBody"];

interface Props {
  title: string;
  match: Pick<Shapes["MatchBody"], "home" | "away">;
  /** Those that nobody has revealed are left out. */
  bets: readonly Bet[];
  /** Which round, and when. */
  over: ReactNode;
  /** Of now, or the result. */
  score: Pick<Goals, "home" | "away"> | undefined;
  /** What the score is. */
  stands: ReactNode;
  own?: string | undefined;
}

/** So many discs have room in a zone; of the others only how many they are. */
const ROOM = 15;
const LARGE_ROOM = 6;

function Zone({ called, bets, own }: { called: ReactNode; bets: readonly Bet[]; own: string | undefined }) {
  const shown = bets.length > ROOM ? bets.slice(0, ROOM - 1) : bets;
  const large = bets.length <= LARGE_ROOM;
  return (
    <div className={styles.zone} data-own={bets.some(({ player }) => player.account === own) || undefined}>
      <b className={styles.count}>{bets.length}</b>
      <span className={styles.called}>{called}</span>
      <div className={styles.seats} data-large={large || undefined}>
        {shown.map((bet) => (
          <span key={bet.player.account} className={styles.seat} data-near={near(bet)}>
            <Disc person={personOf(bet.player)} size={large ? 48 : 32} own={bet.player.account === own} />
            {bet.score != null && <Score {...bet.score} className={styles.tip} />}
          </span>
        ))}
        {bets.length > shown.length && <b className={styles.more}>+{bets.length - shown.length}</b>}
      </div>
    </div>
  );
}

/** So many are named. */
const NAMED = 4;

/** Who was exactly right. */
function Exact({ bets }: { bets: readonly Bet[] }) {
  const exact = bets.filter((bet) => near(bet) === "exact").map(({ player }) => player);
  const names = namesOf(exact);
  if (exact.length === 0) return null;
  return exact.length > NAMED ? (
    <Plural value={exact.length} one="# had it exactly." other="# had it exactly." />
  ) : (
    <Trans>Exactly right: {names}</Trans>
  );
}

/** A match after its kick-off: who believed in whom, and who was right. */
export function MatchPicture({ title, match, bets, over, score, stands, own }: Props) {
  const sides = [match.home, match.away].map((team) => (
    <span key={team.name} className={styles.team}>
      <Badge team={team} />
      <span>{teamName(team)}</span>
    </span>
  ));
  return (
    <Picture over={over} title={title} foot={<Exact bets={bets} />} colours={useColours(match.home, match.away)}>
      <div className={styles.match}>
        {sides[0]}
        <span className={styles.middle}>
          <span className={styles.score}>{score === undefined ? "–" : <Score {...score} />}</span>
          <span className={styles.stands}>{stands}</span>
        </span>
        {sides[1]}
      </div>
      <div className={styles.zones}>
        {SIDES.map((side) => (
          <Zone
            key={side}
            called={side === "draw" ? <Trans>Draw</Trans> : teamName(match[side])}
            own={own}
            bets={bets.filter(({ score }) => score != null && sideOf(score) === side)}
          />
        ))}
      </div>
    </Picture>
  );
}
