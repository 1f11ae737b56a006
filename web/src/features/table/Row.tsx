import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Movement } from "../../design/Movement";
import { Disc, personOf } from "../../design/people";
import silent from "../../design/Silent.module.css";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import styles from "./Row.module.css";

export type Standing = Shapes["StandingBody"];

export const ROW_PX = 52;

interface Props {
  line: Standing;
  index: number;
  mine: boolean;
  /** Whether the table says who moved. */
  moves: boolean;
  /** What stands behind the name. */
  badge?: ReactNode;
  /** Cells between the name and the points. */
  children?: ReactNode;
}

/** Whether a table knows of anybody who moved. */
export const anyMoves = (lines: readonly Standing[]): boolean =>
  lines.some(({ before, place }) => before != null && before !== place);

/** A player's line of a table; the name leads to their page. */
export function Row({ line, index, mine, moves, badge, children }: Props) {
  const { t } = useLingui();
  const person = personOf(line.player);
  return (
    <div role="row" aria-rowindex={index + 2} className={styles.row} data-mine={mine || undefined}>
      <span role="cell" className={styles.place}>
        {line.place}
      </span>
      {moves && (
        <span role="cell" className={styles.moved}>
          {line.before != null && <Movement by={line.before - line.place} />}
        </span>
      )}
      <span role="cell" className={styles.who}>
        <Disc person={person} />
        <Link to="/player/:name" params={{ name: person.name }} className={styles.name}>
          {person.name}
        </Link>
        {mine && <span className={silent.silent}>{t`you`}</span>}
        {badge}
      </span>
      {children}
      <b role="cell" className={styles.points}>
        {line.points}
      </b>
    </div>
  );
}

/** What the columns are called; on a phone they are only read out. */
export function Heads({ moved, children }: { moved: string | undefined; children?: ReactNode }) {
  const { t } = useLingui();
  return (
    <div role="rowgroup" className={styles.heads}>
      <div role="row" aria-rowindex={1} className={styles.head}>
        <span role="columnheader" className={styles.place} aria-label={t`Place`}>
          #
        </span>
        {moved !== undefined && (
          <span role="columnheader" className={styles.moved} aria-label={moved}>
            ▲▼
          </span>
        )}
        <span role="columnheader" className={styles.who}>
          {t`Name`}
        </span>
        {children}
        <span role="columnheader" className={styles.points}>
          {t`Points`}
        </span>
      </div>
    </div>
  );
}
