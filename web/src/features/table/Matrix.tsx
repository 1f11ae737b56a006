import { Trans, useLingui } from "@lingui/react/macro";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties } from "react";

import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { ClockIcon } from "../../design/icons";
import { Disc, personOf } from "../../design/people";
import silent from "../../design/Silent.module.css";
import { Skeleton } from "../../design/Skeleton";
import { Badge, matchName } from "../../design/teams";
import { useWide } from "../../device/wide";
import { useOwnTips } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import { useVotes } from "../../node/queries";
import { Link } from "../../route";
import { roundName } from "../../words/rounds";
import { Cell, Key, tierOf } from "./Cell";
import { isContested } from "./doubt";
import styles from "./Matrix.module.css";
import { RoundMatches } from "./RoundMatches";
import desk from "./Table.module.css";
import { ALL, useMatrix, type Row } from "./useMatrix";

const ROW_PX = 52;
const COLUMN_PX = 50;
/** On a desk, of as many matches as fit so. */
const WIDE_COLUMN_PX = 64;
const FIT = 12;
const ROWS_AHEAD = 30;
/** So many matches leave a desk room for what they are. */
const FEW = 6;

/** What a column is called where it is read out: the match, its result, and whether that is in doubt. */
const labelOf = (match: Shapes["MatchBody"], doubt: string | undefined): string => {
  const score = match.record?.score;
  return [matchName(match), ...(score ? [`${score.home}:${score.away}`] : []), ...(doubt ? [doubt] : [])].join(", ");
};

/** Whether something is known of what a player won: tips on played matches may still be hidden for a while. */
const isKnown = ({ points, cells }: Row, matches: readonly Shapes["MatchBody"][]): boolean =>
  points > 0 || !cells.some((cell, index) => cell?.score === null && matches[index]?.record?.score != null);

/** Everybody's tips of a round, players down and matches across, as on the sheet on the office wall. */
export function Matrix({ pool, stage, own }: { pool: string; stage: string; own: string | undefined }) {
  const { t } = useLingui();
  const { grid, error, again, next } = useMatrix(stage);
  const round = roundName(stage);
  const { tips } = useOwnTips(pool, own);
  const waiting = useVotes().data ?? [];
  const box = useRef<HTMLDivElement>(null);
  const rows = grid?.rows ?? [];
  const matches = grid?.matches ?? [];
  const more = grid?.more ?? false;
  const column_px = useWide() && matches.length <= FIT ? WIDE_COLUMN_PX : COLUMN_PX;
  // eslint-disable-next-line react-hooks/incompatible-library
  const down = useVirtualizer({
    count: rows.length + (more ? 1 : 0),
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: 8,
    initialRect: { width: 360, height: 600 },
  });
  const across = useVirtualizer({
    horizontal: true,
    count: matches.length,
    getScrollElement: () => box.current,
    estimateSize: () => column_px,
    overscan: 4,
    initialRect: { width: 360, height: 600 },
  });
  useEffect(() => across.measure(), [across, column_px]);
  const last = down.getVirtualItems().at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= rows.length - ROWS_AHEAD) next();
  });

  if (error !== null) return <Failure error={error} again={again} />;
  if (grid === undefined) return <Skeleton rows={8} height={ROW_PX} />;
  if (grid.players === 0 || matches.length === 0) {
    return <Empty title={<Trans>This round has no tips yet</Trans>} />;
  }
  const columns = across.getVirtualItems();
  /** One's own tip, where it is sealed in the book and this device can read it. */
  const lifted = (account: string, no: number | undefined): Shapes["ScoreBody"] | undefined => {
    const tip = account === own && no !== undefined ? tips.get(no) : undefined;
    return tip?.sealed === true && tip.bet !== undefined ? (tip.score ?? undefined) : undefined;
  };
  const at = (start: number) => ({ "--at": `${start}px`, width: column_px }) as CSSProperties;
  const few = stage !== ALL && matches.length <= FEW;
  return (
    <div className={few ? desk.desk : undefined}>
      <div className={desk.table}>
        <div
          ref={box}
          role="table"
          tabIndex={0}
          aria-label={stage === ALL ? t`All tips` : t`All tips of ${round}`}
          aria-rowcount={grid.players + 1}
          aria-colcount={matches.length + 1}
          className={styles.grid}
          data-scrolls
          data-few={matches.length < 4 || undefined}
          style={{ "--all": `${across.getTotalSize()}px` } as CSSProperties}
        >
          <div className={styles.columns} role="rowgroup">
            <div role="row" aria-rowindex={1} className={styles.heading}>
              <div role="columnheader" aria-colindex={1} className={styles.corner}>
                <Trans>Player · points</Trans>
              </div>
              {columns.map(({ index, start }) => {
                const match = matches[index];
                if (match === undefined) return null;
                const score = match.record?.score;
                return (
                  <div key={match.no} role="columnheader" aria-colindex={index + 2}>
                    <Link to="/match/:code" params={{ code: match.code }} className={styles.column} style={at(start)}>
                      <span className={silent.silent}>
                        {labelOf(match, isContested(match, waiting) ? t`disputed` : undefined)}
                      </span>
                      <span className={styles.badges}>
                        <Badge team={match.home} />
                        <Badge team={match.away} />
                      </span>
                      <strong className={styles.score} aria-hidden="true">
                        {score ? `${score.home}:${score.away}` : "–"}
                        {isContested(match, waiting) && <ClockIcon size={12} />}
                      </strong>
                    </Link>
                  </div>
                );
              })}
            </div>
          </div>
          <div role="rowgroup" className={styles.body} style={{ height: down.getTotalSize() }}>
            {down.getVirtualItems().map((it) => {
              const row = rows[it.index];
              if (row === undefined) return null;
              const person = personOf(row.player);
              return (
                <div
                  key={row.player.account}
                  role="row"
                  aria-rowindex={it.index + 2}
                  className={styles.row}
                  data-mine={row.player.account === own || undefined}
                  style={{ transform: `translateY(${it.start}px)` }}
                >
                  <div role="rowheader" aria-colindex={1} className={styles.who}>
                    <Disc person={person} size={24} />
                    <Link to="/player/:name" params={{ name: person.name }} className={styles.name}>
                      {person.name}
                    </Link>
                    <span className={styles.points}>{isKnown(row, matches) ? row.points : "–"}</span>
                  </div>
                  {columns.map(({ index, start }) => (
                    <div
                      key={index}
                      role="cell"
                      aria-colindex={index + 2}
                      className={styles.cell}
                      data-tier={tierOf(row.cells[index])}
                      style={at(start)}
                    >
                      <Cell cell={row.cells[index]} own={lifted(row.player.account, matches[index]?.no)} />
                    </div>
                  ))}
                </div>
              );
            })}
          </div>
        </div>
        <Key rows={rows} />
      </div>
      {few && (
        <div className={desk.round}>
          <RoundMatches stage={stage} />
        </div>
      )}
    </div>
  );
}
