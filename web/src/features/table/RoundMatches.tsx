import { Card, Section } from "../../design/Card";
import { Score } from "../../design/Score";
import silent from "../../design/Silent.module.css";
import { Badge, matchName, teamName } from "../../design/teams";
import { useWide } from "../../device/wide";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { byKickoff } from "../../node/kickoffs";
import { useLiveMatches, type Live } from "../../node/live";
import { useMatches } from "../../node/queries";
import { standing } from "../../node/record";
import { useScoreNow } from "../../sentences/underWay";
import { roundName } from "../../words/rounds";
import { clockTime, dayKey, dayName, seconds } from "../../words/time";
import { Link } from "../../route";
import styles from "./RoundMatches.module.css";

type Match = Shapes["MatchBody"];

/** Its result, else how it stands, else when it kicks off. */
function Stand({ match, live }: { match: Match; live: Live | undefined }) {
  const now = useScoreNow(match, live);
  const score = standing(match)?.score ?? now;
  if (score) return <Score home={score.home} away={score.away} />;
  return <span className={styles.time}>{match.kickoff == null ? "–" : clockTime(seconds(match.kickoff))}</span>;
}

function Line({ match, live }: { match: Match; live: Live | undefined }) {
  return (
    <li className={styles.line} data-live={live !== undefined || undefined}>
      <span className={styles.home}>{teamName(match.home)}</span>
      <Badge team={match.home} />
      <span className={styles.middle}>
        <Stand match={match} live={live} />
      </span>
      <Badge team={match.away} />
      <span className={styles.away}>{teamName(match.away)}</span>
      <Link to="/match/:code" params={{ code: match.code }} className={styles.way}>
        <span className={silent.silent}>{matchName(match)}</span>
      </Link>
    </li>
  );
}

function Matches({ stage }: { stage: string }) {
  const now_s = useNow(600);
  const { data = [] } = useMatches();
  const lives = useLiveMatches(data);
  const days = new Map<string, Match[]>();
  for (const match of data.filter((it) => it.stage === stage).sort(byKickoff)) {
    const day = match.kickoff == null ? "" : dayKey(seconds(match.kickoff));
    days.set(day, [...(days.get(day) ?? []), match]);
  }
  return (
    <Section className={styles.matches} title={roundName(stage)}>
      <Card>
        {[...days].map(([day, matches]) => (
          <div key={day}>
            {matches[0]?.kickoff != null && (
              <h3 className={styles.day}>{dayName(seconds(matches[0].kickoff), now_s)}</h3>
            )}
            <ul>
              {matches.map((match) => (
                <Line key={match.no} match={match} live={lives.find((it) => it.match.no === match.no)?.live} />
              ))}
            </ul>
          </div>
        ))}
      </Card>
    </Section>
  );
}

/** The matches of a round, on a desk: a phone does not even draw them. */
export const RoundMatches = ({ stage }: { stage: string }) => (useWide() ? <Matches stage={stage} /> : null);
