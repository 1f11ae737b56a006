import { Trans, useLingui } from "@lingui/react/macro";

import { FoldIcon } from "../../design/icons";
import type { Shapes } from "../../node/client";
import styles from "./Matrix.module.css";
import type { Row } from "./useMatrix";

type CellBody = Shapes["CellBody"];

/** Shades of cells, by how near a tip came; the best first. */
const TIERS = ["exact", "difference", "tendency", "one_team"] as const;
type Tier = (typeof TIERS)[number] | "none";

/** How a cell looks: by what it gave. */
export function tierOf(cell: CellBody | null | undefined): Tier | undefined {
  if (cell?.points == null) return undefined;
  return cell.points === 0 ? "none" : (TIERS.find((tier) => tier === cell.tier) ?? "tendency");
}

/** `own`: what this device can read of a hidden one. */
export function Cell({ cell, own }: { cell: CellBody | null | undefined; own: Shapes["ScoreBody"] | undefined }) {
  const { t } = useLingui();
  if (cell == null) return <span aria-label={t`no tip`}>–</span>;
  if (cell.score == null && own !== undefined) {
    const score = `${own.home}:${own.away}`;
    return (
      <span className={styles.hidden} aria-label={t`${score}, hidden from the others`} role="img">
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
      {cell.points != null && <small>{cell.points > 0 ? `+${cell.points}` : 0}</small>}
    </>
  );
}

/** The tiers that a grid shows, each with the points that it gave where they are the same in every match. */
function tiersOf(rows: readonly Row[]): Map<Tier, number | undefined> {
  const seen = new Map<Tier, Set<number>>(TIERS.map((tier) => [tier, new Set()]));
  for (const { cells } of rows) for (const cell of cells) seen.get(tierOf(cell) ?? "none")?.add(cell?.points ?? 0);
  const used = [...seen].filter(([, points]) => points.size > 0);
  return new Map(used.map(([tier, points]) => [tier, points.size === 1 ? [...points][0] : undefined]));
}

const SAYS: Record<Tier, React.ReactNode> = {
  exact: <Trans>exact</Trans>,
  difference: <Trans>difference</Trans>,
  tendency: <Trans>winner or draw</Trans>,
  one_team: <Trans>one team</Trans>,
  none: null,
};

/** What the shades mean. */
export function Key({ rows }: { rows: readonly Row[] }) {
  return (
    <ul className={styles.key}>
      {[...tiersOf(rows)].map(([tier, points]) => (
        <li key={tier}>
          <span className={styles.shade} data-tier={tier} />
          {points} {SAYS[tier]}
        </li>
      ))}
      {rows.some(({ cells }) => cells.some((cell) => cell?.score === null)) && (
        <li>
          <FoldIcon size={14} />
          <Trans>hidden</Trans>
        </li>
      )}
    </ul>
  );
}
