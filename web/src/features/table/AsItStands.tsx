import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";

import { Failure } from "../../design/Failure";
import { Long } from "../../design/Long";
import { Disc } from "../../design/people";
import { Skeleton } from "../../design/Skeleton";
import { matchName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { useLiveTable, type Live } from "../../node/live";
import { useStandings } from "../../node/queries";
import { LiveGoals, LiveMark } from "../../sentences/LiveScore";
import { Moved } from "./Moved";
import styles from "./Table.module.css";

const ROW_PX = 52;

interface LineProps {
  line: Shapes["StandingBody"];
  index: number;
  mine: boolean;
  /** The points that the matches under way would give; `undefined` while that is not known. */
  gain: number | undefined;
}

function Line({ line, index, mine, gain }: LineProps) {
  const name = line.player.name ?? line.player.account;
  return (
    <div role="row" aria-rowindex={index + 2} className={styles.line} data-live data-mine={mine || undefined}>
      <span role="cell" className={styles.place}>
        {line.place}
      </span>
      <span role="cell" className={styles.moved}>
        {line.before != null && <Moved by={line.before - line.place} />}
      </span>
      <span role="cell" className={styles.name}>
        <Disc person={{ account: line.player.account, name }} own={mine} />
        <Link to="/player/$name" params={{ name }} className={styles.link}>
          {name}
        </Link>
        {mine && (
          <span className={styles.you}>
            <Trans>you</Trans>
          </span>
        )}
      </span>
      <span role="cell" className={styles.gain}>
        {gain !== undefined && gain > 0 && `+${gain}`}
      </span>
      <span role="cell" className={styles.points}>
        {line.points}
      </span>
    </div>
  );
}

function Head() {
  const { t } = useLingui();
  return (
    <div role="rowgroup" className={styles.heads}>
      <div role="row" aria-rowindex={1} className={styles.line} data-live>
        <span role="columnheader" className={styles.place} aria-label={t`Place`}>
          #
        </span>
        <span role="columnheader" className={styles.moved} aria-label={t`Places won or lost by the live scores`}>
          ▲▼
        </span>
        <span role="columnheader">
          <Trans>Name</Trans>
        </span>
        <span role="columnheader" className={styles.number}>
          <Trans>Now</Trans>
        </span>
        <span role="columnheader" className={styles.points}>
          <Trans>Points</Trans>
        </span>
      </div>
    </div>
  );
}

/** The scores that this table takes for results. */
function Scores({ played }: { played: readonly Played[] }) {
  return (
    <ul className={styles.lives}>
      {played.map(({ match, live }) => (
        <li key={match.code}>
          <Link to="/match/$code" params={{ code: match.code }}>
            {matchName(match)}
          </Link>{" "}
          <strong>
            <LiveGoals live={live} />
          </strong>{" "}
          <LiveMark minute={live.minute} />
        </li>
      ))}
    </ul>
  );
}

interface Played {
  match: Shapes["MatchBody"];
  live: Live;
}

/** The table as it would stand if the matches that are played ended now. The node says it, and nothing here has checked it. */
export function AsItStands({ played, own }: { played: readonly Played[]; own: string | undefined }) {
  const { t } = useLingui();
  const table = useLiveTable();
  const real = useStandings({});
  if (table.isError) return <Failure error={table.error} again={() => void table.refetch()} />;
  if (table.data === undefined) return <Skeleton rows={8} height={ROW_PX} />;
  const lines = table.data.items;
  const before = new Map(real.data?.items.map(({ player, points }) => [player.account, points]));
  const gain = ({ player, points }: Shapes["StandingBody"]): number | undefined => {
    const had = before.get(player.account);
    return had === undefined ? undefined : points - had;
  };
  return (
    <section aria-label={t`As it stands`}>
      <Scores played={played} />
      <p className={styles.rests}>
        <Trans>If these matches ended now. Not a result yet, and not checked on this device.</Trans>
      </p>
      <div role="table" aria-label={t`As it stands`} aria-rowcount={lines.length + 1} className={styles.table}>
        <Head />
        <Long
          role="rowgroup"
          count={lines.length}
          height={ROW_PX}
          keyOf={(index) => lines[index]?.player.account ?? String(index)}
          row={(index) => {
            const line = lines[index];
            if (line === undefined) return null;
            return <Line line={line} index={index} mine={line.player.account === own} gain={gain(line)} />;
          }}
        />
      </div>
    </section>
  );
}
