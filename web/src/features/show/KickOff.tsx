import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, type CSSProperties, type ReactNode } from "react";

import { usePlayerCount } from "../../checking/state";
import { buttonClass } from "../../design/Button";
import { LayoutGroup } from "../../design/motion";
import { Pill } from "../../design/Pill";
import { Score } from "../../design/Score";
import { ShareMatch } from "../../design/share";
import { matchName } from "../../design/teams";
import { sawMoment, useHasSeen } from "../../device/seen";
import { usePlayerHere } from "../../keys/player";
import type { Shapes } from "../../node/client";
import { useLeft, usePassed } from "../../node/clock";
import { useLiveScore } from "../../node/live";
import { usePool, useStandings } from "../../node/queries";
import { SIDES } from "../../node/tips";
import { Link } from "../../route";
import { MatchPhase } from "../../sentences/MatchPhase";
import { useScoreNow, useStage } from "../../sentences/underWay";
import { clockTime, span } from "../../words/time";
import { columnsOf, MOST, seated, shownOf } from "./columns";
import { Circle, Opening, Shut, timesOf, Zones } from "./Field";
import { Frame } from "./Frame";
import { sayingOf } from "./saying";
import { Sentence } from "./Sentence";
import styles from "./Show.module.css";
import { useFilm } from "./useFilm";

type Match = Shapes["MatchBody"];
type Bet = Shapes["BetBody"];

/** The last seconds are counted in large digits. */
const COUNTED_S = 10;
/** So long is waited for tips that nobody opens, before those are shown that are open. */
const PATIENCE_S = 15;
/** More discs than these are small ones. */
const MANY = 12;

/** "4:32"; more than an hour in words. */
const clock = (left_s: number): string =>
  left_s < 3600 ? `${Math.floor(left_s / 60)}:${String(left_s % 60).padStart(2, "0")}` : span(left_s);

/** What stands between the teams: that tips close, then how the match stands as far as anybody has said. */
function Middle({ match, kickoff_s, tipped }: { match: Match; kickoff_s: number; tipped: number }) {
  const live = useLiveScore(match);
  const score = useScoreNow(match, live);
  const fresh = useStage(match) === "fresh" && live === undefined;
  const passed_s = usePassed([kickoff_s - COUNTED_S, kickoff_s]);
  if (passed_s < kickoff_s - COUNTED_S)
    return (
      <Pill>
        <Plural value={tipped} one="# tip" other="# tips" />
      </Pill>
    );
  if (passed_s < kickoff_s)
    return (
      <span className={styles.soft}>
        <Trans>Tips close now</Trans>
      </span>
    );
  return (
    <>
      {score === undefined ? (
        <span className={styles.goals}>{clockTime(kickoff_s)}</span>
      ) : (
        <Score home={score.home} away={score.away} className={styles.goals} />
      )}
      {fresh ? (
        <Pill look="live">
          <Trans context="it has just begun">Kick-off</Trans>
        </Pill>
      ) : (
        <MatchPhase match={match} live={live} />
      )}
    </>
  );
}

/** What is counted on the centre circle: the time that is left, or the beat before what has happened already. */
function Count({ left_s, digit }: { left_s: number; digit: number }) {
  if (left_s > COUNTED_S)
    return (
      <p className={styles.clock} role="timer">
        <b>{clock(left_s)}</b>
        <Trans>until kick-off</Trans>
      </p>
    );
  const count = left_s > 0 ? left_s : digit;
  return (
    <p key={count} className={styles.digit} role="timer">
      {count}
    </p>
  );
}

/** What is to be said besides: of the player's own tip, where there is none. */
function Besides({ bets, own }: { bets: readonly Bet[]; own: string | undefined }): ReactNode {
  const mine = bets.find(({ player }) => player.account === own);
  if (own === undefined || (mine !== undefined && mine.missed !== true)) return null;
  return (
    <p className={styles.besides}>
      {mine === undefined ? (
        <Trans>You have no tip on this match.</Trans>
      ) : (
        <Trans>Your tip wasn’t revealed in time, so it doesn’t count.</Trans>
      )}
    </p>
  );
}

/** The kick-off: friends wait on the centre circle, then everybody sees who believes in what. */
export function KickOff({ match, kickoff_s, bets }: { match: Match; kickoff_s: number; bets: readonly Bet[] }) {
  const { t } = useLingui();
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const players = usePlayerCount(pool.totals.players);
  const crowd = bets.length > MOST;
  const table = useStandings({}, crowd).data?.items ?? [];

  const left_s = useLeft(kickoff_s);
  const patient = useLeft(kickoff_s + PATIENCE_S) > 0;
  const people = seated(bets, own);
  const columns = columnsOf(bets, own);
  const { shut } = columns;
  const enough = shut.length === 0 || (!patient && shut.length < bets.length);
  const film = useFilm(left_s > 0, useHasSeen()(match.code, "kickoff"), enough && match.status !== "scheduled");
  const opens = left_s === 0 && !film.ready;
  const shows = left_s === 0 && film.ready && film.digit === 0;
  useEffect(() => {
    if (shows) sawMoment(match.code, "kickoff");
  }, [shows, match.code]);

  const shown = shownOf(
    people,
    table.map(({ player }) => player.account),
    own,
  );
  const seats = people.filter(({ account }) => shown.has(account));
  const { stagger_s, landed_s } = timesOf(seats.length);
  const order = new Map(seats.map(({ account }, at) => [account, 0.1 + at * stagger_s]));
  const open = new Set(SIDES.flatMap((side) => columns[side]).map(({ account }) => account));
  const name = matchName(match);
  return (
    <Frame
      match={match}
      title={t`Kick-off: ${name}`}
      at_s={kickoff_s}
      middle={<Middle match={match} kickoff_s={kickoff_s} tipped={bets.length} />}
      share={<ShareMatch look="stage" match={match} bets={bets} own={own} />}
      again={shows ? film.again : undefined}
      style={{ "--landed": film.plays ? `${landed_s}s` : undefined } as CSSProperties}
      onward={
        shows ? (
          <Link to="/match/:code" params={{ code: match.code }} replace className={buttonClass("flash", true)}>
            <Trans>Follow the match</Trans>
          </Link>
        ) : undefined
      }
    >
      <div
        className={styles.field}
        data-plays={(shows && film.plays) || undefined}
        data-many={seats.length > MANY || undefined}
      >
        <LayoutGroup>
          {shows ? (
            <Zones
              match={match}
              {...{ columns, shown, own }}
              leaves={film.plays ? (account) => order.get(account) ?? landed_s : undefined}
            />
          ) : (
            <Circle people={seats} more={people.length - seats.length} own={own} open={opens ? open : undefined}>
              {opens ? <Opening open={open.size} all={bets.length} /> : <Count left_s={left_s} digit={film.digit} />}
            </Circle>
          )}
        </LayoutGroup>
      </div>
      <div className={styles.saying} role="status" data-plays={(shows && film.plays) || undefined}>
        {shows && (
          <>
            <p className={styles.sentence}>
              <Sentence match={match} saying={sayingOf(columns, own, players)} />
            </p>
            <Shut people={shut} />
            <Besides bets={bets} own={own} />
          </>
        )}
      </div>
    </Frame>
  );
}
