import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { Section } from "../../design/Card";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { TickIcon } from "../../design/icons";
import { Long } from "../../design/Long";
import { Disc, personOf } from "../../design/people";
import { Skeleton } from "../../design/Skeleton";
import { Link } from "../../route";
import { roundName } from "../../words/rounds";
import { ROW_PX } from "./Row";
import rows from "./Row.module.css";
import { Sliding } from "./Sliding";
import styles from "./Tipped.module.css";
import { useMatrix, type Row } from "./useMatrix";

/** Rows are asked for so long before they are reached. */
const AHEAD = 20;

const tipped = ({ cells }: Row): number => cells.filter((cell) => cell != null).length;

function Line({ row, of, mine }: { row: Row; of: number; mine: boolean }) {
  const { t } = useLingui();
  const person = personOf(row.player);
  const done = tipped(row);
  return (
    <div role="listitem" className={rows.row} data-mine={mine || undefined}>
      <span className={rows.who}>
        <Disc person={person} />
        <Link to="/player/:name" params={{ name: person.name }} className={rows.name}>
          {person.name}
        </Link>
      </span>
      <span className={styles.says}>{t`${done} of ${of} tipped`}</span>
      <progress className={styles.bar} max={of} value={done} aria-hidden="true" />
      <span className={styles.all}>{done === of && <TickIcon size={18} />}</span>
    </div>
  );
}

/** Before a round has a result: who has tipped how many of its matches. */
export function Tipped({ stage, own }: { stage: string; own: string | undefined }) {
  const { grid, error, again, next } = useMatrix(stage);
  const [last, setLast] = useState(0);
  const wanted = grid?.more === true && last >= grid.rows.length - AHEAD;
  useEffect(() => {
    if (wanted) next();
  });
  if (error !== null) return <Failure error={error} again={again} />;
  if (grid === undefined) return <Skeleton rows={8} height={ROW_PX} />;
  if (grid.rows.length === 0) {
    return (
      <Empty title={<Trans>Nobody has joined yet</Trans>}>
        <Trans>Everyone who joins appears here right away.</Trans>
      </Empty>
    );
  }
  const of = grid.matches.length;
  const lines = grid.more ? grid.rows : [...grid.rows].sort((a, b) => tipped(b) - tipped(a));
  return (
    <Section className={styles.tipped} title={<Trans>Who has tipped</Trans>} aside={roundName(stage)}>
      <div className={rows.table}>
        <Long
          Held={Sliding}
          count={lines.length}
          height={ROW_PX}
          keyOf={(index) => lines[index]?.player.account ?? String(index)}
          onWindow={(_, end) => setLast(end)}
          row={(index) => {
            const row = lines[index];
            return row === undefined ? null : <Line row={row} of={of} mine={row.player.account === own} />;
          }}
        />
      </div>
      <p className={styles.soon}>
        <Trans>The table starts with the first result.</Trans>
      </p>
    </Section>
  );
}
