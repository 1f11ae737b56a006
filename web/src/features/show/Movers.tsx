import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { m, SPRING } from "../../design/motion";
import { Movement } from "../../design/Movement";
import { Disc, personOf } from "../../design/people";
import styles from "./FullTime.module.css";
import type { Moved } from "../../sentences/moved";

const STAGGER_S = 0.03;

/** Lines of the table that slide from where they stood before the match. `after_ms`: when they begin; at once if it is not given. */
export function Movers({
  rows,
  own,
  after_ms,
}: {
  rows: readonly Moved[];
  own: string | undefined;
  after_ms: number | undefined;
}) {
  const { t } = useLingui();
  const [settled, setSettled] = useState(after_ms === undefined);
  useEffect(() => {
    if (settled) return undefined;
    const timer = setTimeout(() => setSettled(true), after_ms);
    return () => clearTimeout(timer);
  }, [settled, after_ms]);
  const order = settled ? rows : [...rows].sort((a, b) => a.before - b.before);
  return (
    <ol className={styles.rows} aria-label={t`Table`} data-settled={settled || undefined}>
      {order.map(({ line: { player, place, points: all }, before, by, points }, at) => {
        const person = personOf(player);
        const mine = player.account === own;
        return (
          <m.li
            key={player.account}
            layout="position"
            transition={{ layout: { ...SPRING, delay: at * STAGGER_S } }}
            className={styles.row}
            data-own={mine || undefined}
          >
            <span className={styles.place}>{settled ? place : before}</span>
            {by === 0 ? <span /> : <Movement by={by} className={styles.arrow} />}
            <Disc person={person} />
            <span className={styles.who}>{person.name}</span>
            <span className={styles.won}>{points !== null && points > 0 && `+${points}`}</span>
            <b className={styles.sum}>{settled ? all : all - (points ?? 0)}</b>
          </m.li>
        );
      })}
    </ol>
  );
}
