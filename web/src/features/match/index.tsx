import { Trans, useLingui } from "@lingui/react/macro";
import { createLazyRoute, Link, useParams } from "@tanstack/react-router";

import { known } from "../../checking/reads";
import { Mark } from "../../checking/Mark";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { Badge, teamName } from "../../design/teams";
import { usePlayerCount } from "../../checking/state";
import { latest_s } from "../../checking/questions";
import { useAsked } from "../../checking/useAsked";
import { isSealed, useOwnTips } from "../../identity/drafts/ownTips";
import { usePlayerHere } from "../../keys/player";
import { isProblem, type Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { matchOptions, matchTipsOptions, useMatch, useMatchTips, usePool } from "../../node/queries";
import { useLiveScore, type Live } from "../../node/live";
import { standing } from "../../node/record";
import { useSoon } from "../../device/soon";
import { Moment } from "../../words/Moment";
import { Moved } from "../../words/Moved";
import { LiveGoals, LiveMark } from "../../sentences/LiveScore";
import { dayName, distance, seconds, span } from "../../words/time";
import { roundName } from "../../words/rounds";
import { History } from "./History";
import styles from "./Match.module.css";
import { Strip } from "./Strip";
import { Tips } from "./Tips";

export const Route = createLazyRoute("/match/$code")({ component: MatchPlace });

type Match = Shapes["MatchBody"];

/** What the score below it means. */
function Stands({ match }: { match: Match }) {
  const now_s = useNow(match.status === "scheduled" ? 1 : 60);
  const record = standing(match);
  switch (record?.outcome.status) {
    case "cancelled":
      return <Trans>Cancelled. Stakes went back.</Trans>;
    case "abandoned":
      return <Trans>Abandoned. Stakes went back.</Trans>;
    case "postponed":
      return match.status === "scheduled" ? (
        <Trans>Put off, with no new date yet. It still takes tips.</Trans>
      ) : (
        <Trans>Put off. Tips stay.</Trans>
      );
    case "awarded":
      return <Trans>Awarded</Trans>;
    case "played":
      return record.provisional ? <Trans>Result, can still change</Trans> : <Trans>Final result</Trans>;
  }
  if (match.deadline == null) return <Trans>No kick-off yet</Trans>;
  const left = seconds(match.deadline) - now_s;
  if (match.status === "scheduled" && left > 0) {
    const time = span(left);
    return <Trans>Open for {time}</Trans>;
  }
  return <Trans>Waits for the result</Trans>;
}

/** The source of a live score, and its age. */
function Heard({ live: { at, from, minute } }: { live: Live }) {
  const ago = distance(useNow(10) - seconds(at));
  return (
    <>
      <LiveMark minute={minute} />{" "}
      <Trans>
        Not a result yet: <bdi>{from}</bdi>, {ago} ago
      </Trans>
    </>
  );
}

function When({ match }: { match: Match }) {
  const now_s = useNow(60);
  if (match.kickoff != null) return <Moment at_s={seconds(match.kickoff)} />;
  if (match.day != null) return <>{dayName(seconds(match.day.begins), now_s)}</>;
  return <Trans>not scheduled</Trans>;
}

/** Scores of the periods beside the one that counts. */
function Periods({ outcome }: { outcome: Shapes["OutcomeBody"] }) {
  const { t } = useLingui();
  const periods = [
    [t`Half-time`, outcome.half_time],
    [t`After 90`, outcome.after_90],
    [t`After 120`, outcome.after_120],
    [t`Penalties`, outcome.shootout],
  ] as const;
  return (
    <ul className={styles.periods}>
      {periods.map(
        ([name, score]) =>
          score != null && (
            <li key={name}>
              {name} {score.home}:{score.away}
            </li>
          ),
      )}
    </ul>
  );
}

function Board({ match }: { match: Match }) {
  const times = match.multiplier;
  const score = match.record?.score;
  const live = useLiveScore(match);
  const [home, away] = [teamName(match.home), teamName(match.away)];
  return (
    <header className={styles.board}>
      <p className={styles.stage}>
        {roundName(match.stage)}
        {match.multiplier > 1 && (
          <>
            {" · "}
            <Trans>points × {times}</Trans>
          </>
        )}
        {" · "}
        <When match={match} />
      </p>
      <h1 className={styles.teams}>
        <span className={styles.team}>
          <Badge team={match.home} />
          {home}
        </span>
        <span className={styles.score}>
          {live !== undefined ? <LiveGoals live={live} /> : score ? `${score.home}:${score.away}` : "–"}
        </span>
        <span className={styles.team} data-end>
          <Badge team={match.away} />
          {away}
        </span>
      </h1>
      <p className={styles.stands}>{live === undefined ? <Stands match={match} /> : <Heard live={live} />}</p>
      {match.moved != null && (
        <p className={styles.moved}>
          <Moved match={match} />
        </p>
      )}
      {match.record != null && <Periods outcome={match.record.outcome} />}
    </header>
  );
}

/** About as high as the tips on a match will be: the line of counts, the strip once it has begun, and the rows. */
const height = ({ bets, status }: Match): number => 8 + (status === "scheduled" ? 0 : 64) + 56 * Math.max(bets, 3);

/** `code`: as the address has it, and the node was asked; what it answers may name another. */
function Found({ code, match }: { code: string; match: Match }) {
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const players = usePlayerCount(pool.totals.players);
  const tips = useMatchTips(code);
  const sealed = tips.data?.some((bet) => bet.player.account === own && isSealed(bet)) === true;
  const seals = useOwnTips(pool.id, sealed ? own : undefined);
  const drawn = useSoon(tips.data !== undefined);
  useAsked(`match ${code}`, async (fresh) => [
    { of: { route: "match", code, now: latest_s() }, body: await known(matchOptions(code), fresh) },
  ]);
  useAsked(`tips ${code}`, async (fresh) => [
    {
      of: { route: "match-bets", match_no: match.no },
      body: { items: await known(matchTipsOptions(code), fresh) },
    },
  ]);
  return (
    <div className={styles.page}>
      <Board match={match} />
      <div className={styles.mark}>
        <Mark />
      </div>
      <div className={styles.columns}>
        <section>
          <h2>
            <Trans>Everyone’s tips</Trans>
          </h2>
          {tips.isError ? (
            <Failure error={tips.error} again={() => void tips.refetch()} />
          ) : tips.data === undefined || !drawn ? (
            <Skeleton height={height(match)} />
          ) : (
            <>
              <Strip match={match} bets={tips.data} players={players} />
              <Tips match={match} bets={tips.data} own={own} seals={seals} />
            </>
          )}
        </section>
        <History code={code} match={match} />
      </div>
    </div>
  );
}

function NoSuch() {
  return (
    <Empty title={<Trans>No such match</Trans>}>
      <Link to="/">
        <Trans>To all tips</Trans>
      </Link>
    </Empty>
  );
}

function MatchPlace() {
  const { code } = useParams({ from: "/match/$code" });
  const match = useMatch(code);
  const drawn = useSoon(match.data !== undefined);
  if (match.data !== undefined && drawn) return <Found code={code} match={match.data} />;
  if (isProblem(match.error) && match.error.status === 404) return <NoSuch />;
  if (match.isError) return <Failure error={match.error} again={() => void match.refetch()} />;
  return (
    <>
      <Skeleton rows={1} height={180} />
      <Skeleton rows={6} height={56} />
    </>
  );
}
