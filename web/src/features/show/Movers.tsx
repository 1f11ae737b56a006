import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";

import { m, SPRING } from "../../design/motion";
import { Disc } from "../../design/people";
import styles from "./FullTime.module.css";
import type { Moved } from "./moved";

const STAGGER_S = 0.03;

function Arrow({ by }: { by: number }) {
  const { t } = useLingui();
  const places = Math.abs(by);
  if (by === 0) return <span />;
  return (
    <span
      className={styles.arrow}
      data-up={by > 0 || undefined}
      role="img"
      aria-label={by > 0 ? t`up by ${places}` : t`down by ${places}`}
    >
      {by > 0 ? "▲" : "▼"}
      {places}
    </span>
  );
}

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
        const name = player.name ?? player.account;
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
            <Arrow by={by} />
            <Disc person={{ account: player.account, name }} />
            <span className={styles.who}>{name}</span>
            <span className={styles.won}>{points !== null && points > 0 && `+${points}`}</span>
            <b className={styles.sum}>{settled ? all : all - (points ?? 0)}</b>
          </m.li>
        );
      })}
    </ol>
  );
}
