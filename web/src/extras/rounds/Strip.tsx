import { plural } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { useLayoutEffect, useRef } from "react";

import { personOf } from "../../design/people";
import type { Shapes } from "../../node/client";
import { Link } from "../../route";
import { locale } from "../../words/languages";
import { roundName } from "../../words/rounds";
import type { TableProps } from "../extra";
import styles from "./Rounds.module.css";

type Won = NonNullable<Shapes["StandingsBody"]["won"]>[number];

/** A round and who won it; leads to its table. */
function Chip({ of: { stage, players, shared_by }, own }: { of: Won; own: string | undefined }) {
  const mine = players.find(({ account }) => account === own);
  const winner = mine ?? players[0];
  if (winner === undefined) return null;
  const round = roundName(stage);
  const { name } = personOf(winner);
  const others = shared_by - 1;
  const names = others > 0 ? [name, plural(others, { one: "# other", other: "# others" })] : [name];
  return (
    <li>
      <Link
        to="/table"
        search={{ round: stage }}
        className={styles.way}
        aria-label={`${round}: ${new Intl.ListFormat(locale()).format(names)}`}
      >
        <span className={styles.chip} data-mine={mine !== undefined || undefined}>
          {round} · <b>{name}</b>
          {others > 0 && ` +${others}`}
        </span>
      </Link>
    </li>
  );
}

/** The rounds that are won, in a line; the last one in sight. */
export function Strip({ table: { won }, own }: TableProps) {
  const { t } = useLingui();
  const line = useRef<HTMLUListElement>(null);
  const count = won?.length ?? 0;
  useLayoutEffect(() => {
    if (line.current !== null) line.current.scrollLeft = line.current.scrollWidth;
  }, [count]);
  if (count === 0) return null;
  return (
    <ul ref={line} className={styles.strip} aria-label={t`Rounds won`}>
      {won?.map((round) => (
        <Chip key={round.stage} of={round} own={own} />
      ))}
    </ul>
  );
}
