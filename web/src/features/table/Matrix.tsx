import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type CSSProperties } from "react";

import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { FoldIcon } from "../../design/icons";
import { Disc } from "../../design/people";
import { Skeleton } from "../../design/Skeleton";
import { Badge, teamName } from "../../design/teams";
import { useOwnTips } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import type { Score } from "../../rules";
import { roundName } from "../../words/rounds";
import styles from "./Table.module.css";
import { ALL, useMatrix } from "./useMatrix";

const ROW_PX = 52;
const COLUMN_PX = 52;
const ROWS_AHEAD = 30;

/** How a cell looks: by what it gave. */
const tierOf = (cell: Shapes["CellBody"] | null | undefined): string | undefined =>
  cell?.points === 0 ? "none" : (cell?.tier ?? undefined);

/** `own`: what this device can read of a sealed one. */
function Cell({ cell, own }: { cell: Shapes["CellBody"] | null | undefined; own: Score | undefined }) {
  const { t } = useLingui();
  if (cell == null) return <span aria-label={t`no tip`}>–</span>;
  const points = cell.points ?? 0;
  if (cell.score == null && own !== undefined) {
    const score = `${own.home}:${own.away}`;
    return (
      <span className={styles.folded} aria-label={t`${score}, hidden from the others`} role="img">
        {score}
        <FoldIcon size={12} />
      </span>
    );
  }
  if (cell.score == null) {
    return (
      <span aria-label={t`Hidden`} role="img">
        <FoldIcon size={16} />
      </span>
    );
  }
  return (
    <>
      {cell.score.home}:{cell.score.away}
      {cell.points != null && <small>{points > 0 ? `+${points}` : "–"}</small>}
    </>
  );
}

/** Everybody's tips of a round, players down and matches across, as on the sheet on the office wall. */
export function Matrix({ pool, stage, own }: { pool: string; stage: string; own: string | undefined }) {
  const { t } = useLingui();
  const { grid, error, again, next } = useMatrix(stage);
  const round = roundName(stage);
  const { tips } = useOwnTips(pool, own);
  const box = useRef<HTMLDivElement>(null);
  const rows = grid?.rows ?? [];
  const matches = grid?.matches ?? [];
  const more = grid?.more ?? false;
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
    estimateSize: () => COLUMN_PX,
    overscan: 4,
    initialRect: { width: 360, height: 600 },
  });
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
  const lifted = (account: string, code: string | undefined): Score | undefined => {
    const tip = account === own && code !== undefined ? tips.get(code) : undefined;
    return tip?.sealed === true && tip.bet !== undefined ? (tip.score ?? undefined) : undefined;
  };
  const at = (start: number) => ({ "--at": `${start}px`, width: COLUMN_PX }) as CSSProperties;
  const wide = { "--at": `${across.getTotalSize()}px` } as CSSProperties;
  return (
    <>
      <div
        ref={box}
        role="table"
        tabIndex={0}
        aria-label={stage === ALL ? t`All tips` : t`All tips of ${round}`}
        aria-rowcount={grid.players + 1}
        aria-colcount={matches.length + 1}
        className={styles.grid}
      >
        <div className={styles.columns} role="rowgroup" style={wide}>
          <div role="row" aria-rowindex={1} className={styles.heading}>
            <div role="columnheader" aria-colindex={1} className={styles.corner}>
              <Trans>Player · points</Trans>
            </div>
            {columns.map(({ index, start }) => {
              const match = matches[index];
              if (match === undefined) return null;
              const score = match.record?.score;
              const [home, away] = [teamName(match.home), teamName(match.away)];
              return (
                <div key={match.no} role="columnheader" aria-colindex={index + 2}>
                  <Link
                    to="/match/$code"
                    params={{ code: match.code }}
                    className={styles.column}
                    style={at(start)}
                    aria-label={score ? `${home} – ${away}, ${score.home}:${score.away}` : `${home} – ${away}`}
                  >
                    <span className={styles.badges}>
                      <Badge team={match.home} />
                      <Badge team={match.away} />
                    </span>
                    <strong>{score ? `${score.home}:${score.away}` : "–"}</strong>
                  </Link>
                </div>
              );
            })}
          </div>
        </div>
        <div role="rowgroup" className={styles.body} style={{ ...wide, height: down.getTotalSize() }}>
          {down.getVirtualItems().map((it) => {
            const row = rows[it.index];
            if (row === undefined) return null;
            const name = row.player.name ?? row.player.account;
            return (
              <div
                key={row.player.account}
                role="row"
                aria-rowindex={it.index + 2}
                className={styles.tipRow}
                data-mine={row.player.account === own || undefined}
                style={{ transform: `translateY(${it.start}px)` }}
              >
                <div role="rowheader" aria-colindex={1} className={styles.who}>
                  <Disc person={{ account: row.player.account, name }} size={24} />
                  <Link to="/player/$name" params={{ name }} className={styles.link}>
                    {name}
                  </Link>
                  <span className={styles.points}>{row.points}</span>
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
                    <Cell cell={row.cells[index]} own={lifted(row.player.account, matches[index]?.code)} />
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      <ul className={styles.key}>
        <li data-tier="exact">
          <Trans>exact score</Trans>
        </li>
        <li data-tier="difference">
          <Trans>goal difference</Trans>
        </li>
        <li data-tier="tendency">
          <Trans>right winner</Trans>
        </li>
        <li data-lock>
          <FoldIcon size={14} />
          <Trans>hidden until kick-off</Trans>
        </li>
      </ul>
    </>
  );
}
