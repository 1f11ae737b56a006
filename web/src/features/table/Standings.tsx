import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { known } from "../../checking/reads";
import { useAsked } from "../../checking/useAsked";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Long } from "../../design/Long";
import { Disc } from "../../design/people";
import { Skeleton } from "../../design/Skeleton";
import type { Shapes } from "../../node/client";
import { standingsOptions, useMatches, useRounds, useStandings, type Slice } from "../../node/queries";
import type { Answered } from "../../rules";
import { useSoon } from "../../device/soon";
import { Moved } from "./Moved";
import styles from "./Table.module.css";

const ROW_PX = 52;

interface LineProps {
  line: Shapes["StandingBody"];
  index: number;
  mine: boolean;
  /** Whether the table says who moved. */
  moves: boolean;
}

function Line({ line, index, mine, moves }: LineProps) {
  const { i18n } = useLingui();
  const name = line.player.name ?? line.player.account;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={styles.line}
      data-mine={mine || undefined}
      data-still={!moves || undefined}
    >
      <span role="cell" className={styles.place}>
        {line.place}
      </span>
      {moves && (
        <span role="cell" className={styles.moved}>
          {line.before != null && <Moved by={line.before - line.place} />}
        </span>
      )}
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
      <span role="cell" className={styles.number}>
        {line.exact}
      </span>
      <span role="cell" className={styles.number} data-wide>
        {line.differences}
      </span>
      <span role="cell" className={styles.number} data-wide>
        {line.tendencies}
      </span>
      <span role="cell" className={styles.number} data-wide>
        {line.missing}
      </span>
      <span role="cell" className={styles.number} data-wide>
        {i18n.number(line.chips)}
      </span>
      <span role="cell" className={styles.points}>
        {line.points}
      </span>
    </div>
  );
}

function Head({ moves }: { moves: boolean }) {
  const { t } = useLingui();
  return (
    <div role="rowgroup" className={styles.heads}>
      <div role="row" aria-rowindex={1} className={styles.line} data-still={!moves || undefined}>
        <span role="columnheader" className={styles.place} aria-label={t`Place`}>
          #
        </span>
        {moves && (
          <span role="columnheader" className={styles.moved} aria-label={t`Places won or lost in the last round`}>
            ▲▼
          </span>
        )}
        <span role="columnheader">
          <Trans>Name</Trans>
        </span>
        <span role="columnheader" className={styles.number}>
          <Trans>Exact</Trans>
        </span>
        <span role="columnheader" className={styles.number} data-wide>
          <Trans>Difference</Trans>
        </span>
        <span role="columnheader" className={styles.number} data-wide>
          <Trans>Winner</Trans>
        </span>
        <span role="columnheader" className={styles.number} data-wide>
          <Trans>Missing</Trans>
        </span>
        <span role="columnheader" className={styles.number} data-wide>
          <Trans>Chips</Trans>
        </span>
        <span role="columnheader" className={styles.points}>
          <Trans>Points</Trans>
        </span>
      </div>
    </div>
  );
}

interface Props {
  slice: Slice;
  own: string | undefined;
}

/** The table, if the pool has that of which it is asked. */
export function Standings({ slice, own }: Props) {
  const matches = useMatches();
  const rounds = useRounds();
  const since = matches.data?.find(({ code, kickoff }) => code === slice.from && kickoff != null);
  const round = rounds.data?.find(({ stage }) => stage === slice.stage);
  if (slice.from !== undefined && since === undefined) {
    if (matches.isError) return <Failure error={matches.error} again={() => void matches.refetch()} />;
    return matches.data === undefined ? <Skeleton rows={8} height={ROW_PX} /> : <NoSuch what="match" />;
  }
  if (slice.stage !== undefined && round === undefined) {
    if (rounds.isError) return <Failure error={rounds.error} again={() => void rounds.refetch()} />;
    return rounds.data === undefined ? <Skeleton rows={8} height={ROW_PX} /> : <NoSuch what="round" />;
  }
  return <Lines slice={slice} since={since?.no} own={own} />;
}

/** Of what the pool has not the node's answer is not even asked for. */
export const NoSuch = ({ what }: { what: "match" | "round" }) => (
  <Empty title={what === "match" ? <Trans>No such match</Trans> : <Trans>No such round</Trans>}>
    <Trans>This pool has none with that name.</Trans>
  </Empty>
);

/** The table itself. One's own line stays in sight. */
function Lines({ slice, since, own }: Props & { since: number | undefined }) {
  const { t } = useLingui();
  const table = useStandings(slice);
  const [shown, setShown] = useState<{ first: number; last: number }>();
  const see = useCallback((first: number, last: number) => setShown({ first, last }), []);
  const lines = table.data?.items;
  const drawn = useSoon(lines !== undefined);
  const stage = slice.stage ?? null;
  const of: Answered = since === undefined ? { route: "standings", stage } : { route: "standings", match_no: since };
  const id = ["standings", ...(stage === null ? [] : [stage]), ...(since === undefined ? [] : ["from", since])].join(
    " ",
  );
  useAsked(id, async (fresh) => [{ of, body: await known(standingsOptions(slice), fresh) }]);

  if (table.isError) return <Failure error={table.error} again={() => void table.refetch()} />;
  if (lines === undefined || !drawn) return <Skeleton rows={8} height={ROW_PX} />;
  if (lines.length === 0) {
    return (
      <Empty title={<Trans>Nobody has joined yet</Trans>}>
        <Trans>Everyone who joins appears here right away.</Trans>
      </Empty>
    );
  }
  const moves = lines.some(({ before }) => before != null);
  const mine = lines.findIndex((line) => line.player.account === own);
  const ownLine = lines[mine];
  const away = ownLine !== undefined && shown !== undefined && (mine < shown.first || mine > shown.last);
  return (
    <section aria-label={t`Table`}>
      <p className={styles.rests}>
        {table.data?.scored === 0 ? (
          <Trans>No results yet.</Trans>
        ) : (
          <Plural value={table.data?.scored ?? 0} one="After # match" other="After # matches" />
        )}
        {table.data !== undefined && table.data.provisional > 0 && (
          <>
            {" · "}
            <Plural value={table.data.provisional} one="# result can still change" other="# results can still change" />
          </>
        )}
      </p>
      <div role="table" aria-label={t`Table`} aria-rowcount={lines.length + 1} className={styles.table}>
        <Head moves={moves} />
        <Long
          role="rowgroup"
          count={lines.length}
          height={ROW_PX}
          keyOf={(index) => lines[index]?.player.account ?? String(index)}
          onWindow={see}
          row={(index) => {
            const line = lines[index];
            return line === undefined ? null : <Line line={line} index={index} mine={index === mine} moves={moves} />;
          }}
        />
      </div>
      {away && (
        <div className={styles.own} aria-hidden="true" inert>
          <Line line={ownLine} index={mine} mine moves={moves} />
        </div>
      )}
    </section>
  );
}
