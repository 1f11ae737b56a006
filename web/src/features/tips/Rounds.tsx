import { Trans } from "@lingui/react/macro";
import { Fragment, useId, useState, type CSSProperties, type ReactNode } from "react";

import { Card } from "../../design/Card";
import { ChevronIcon } from "../../design/icons";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { dayName, daySpan } from "../../words/time";
import { roundName } from "../../words/rounds";
import { type Day, type Rest } from "./groups";
import styles from "./Rounds.module.css";

type Match = Shapes["MatchBody"];

interface FoldProps {
  title: ReactNode;
  says: ReactNode;
  /** What share of it is done, if that is to be seen. */
  share?: number | undefined;
  /** Whether it is open at first. */
  begins?: boolean;
  children: () => ReactNode;
}

/** A line that unfolds what is under it, in place. */
export function Fold({ title, says, share, begins = false, children }: FoldProps) {
  const [open, setOpen] = useState(begins);
  const id = useId();
  return (
    <div className={styles.fold}>
      <button
        type="button"
        className={styles.head}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <span className={styles.grow}>
          <b>{title}</b>
          <span>{says}</span>
        </span>
        {share !== undefined && (
          <span className={styles.bar} aria-hidden="true">
            <i style={{ "--share": share } as CSSProperties} />
          </span>
        )}
        <ChevronIcon size={20} />
      </button>
      {open && <div id={id}>{children()}</div>}
    </div>
  );
}

/** Some matches, day by day. */
export function Days({ days, row }: { days: Day[]; row: (match: Match) => ReactNode }) {
  const now_s = useNow(60);
  return days.map(({ key, at_s, matches }) => (
    <Fragment key={key}>
      <h3 className={styles.day}>{at_s === null ? <Trans>No date yet</Trans> : dayName(at_s, now_s)}</h3>
      <ul>{matches.map(row)}</ul>
    </Fragment>
  ));
}

function Says({ days, tipped, of }: { days: Day[]; tipped: number; of: number }) {
  const dated = days.flatMap(({ at_s }) => at_s ?? []);
  const [first, last] = [dated[0], dated.at(-1)];
  const from = first === undefined || last === undefined ? "" : daySpan(first, last);
  return from === "" ? (
    <Trans>
      {tipped} of {of} tipped
    </Trans>
  ) : (
    <Trans>
      {from} · {tipped} of {of} tipped
    </Trans>
  );
}

interface Props {
  rounds: Rest[];
  /** Whether a match has a tip. */
  isTipped: (match: Match) => boolean;
  row: (match: Match) => ReactNode;
  /** Whether the first one is open at first, since nothing else is near. */
  begins: boolean;
}

/** The rounds that are far away, folded. */
export function Rounds({ rounds, isTipped, row, begins }: Props) {
  return (
    <Card>
      {rounds.map(({ stage, begun, days }, index) => {
        const matches = days.flatMap((day) => day.matches);
        const tipped = matches.filter(isTipped).length;
        const round = roundName(stage);
        return (
          <Fold
            key={stage}
            title={begun ? <Trans>Rest of {round}</Trans> : round}
            says={<Says days={days} tipped={tipped} of={matches.length} />}
            share={tipped / matches.length}
            begins={begins && index === 0}
          >
            {() => <Days days={days} row={row} />}
          </Fold>
        );
      })}
    </Card>
  );
}
