import { Plural, Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Card, Section } from "../../design/Card";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { dayName, daysBetween, seconds } from "../../words/time";
import { FirstCloses } from "./Closes";
import { Editor } from "./Editor";
import { laidOut, largeOf, SOON_S, timeOf, type Day } from "./groups";
import { Notes } from "./Notes";
import { OpenRow, type OpenProps } from "./OpenRow";
import styles from "./Open.module.css";
import { Rounds } from "./Rounds";
import { useOneOpen } from "./useOneOpen";

type Match = Shapes["MatchBody"];

/** What a day is called. `later`: earlier ones of it stand above. */
function DayName({ at_s, later, now_s }: { at_s: number | null; later: boolean; now_s: number }) {
  if (at_s === null) return <Trans>No date yet</Trans>;
  return later && daysBetween(now_s, at_s) === 0 ? <Trans>Later today</Trans> : dayName(at_s, now_s);
}

/** Beside it: that the first one closes soon, or how many lack a tip. */
function Aside({ first, untipped, now_s }: { first: Match | undefined; untipped: number; now_s: number }) {
  if (first?.deadline != null && seconds(first.deadline) - now_s < SOON_S) return <FirstCloses match={first} />;
  return untipped === 0 ? null : <Plural value={untipped} one="# open" other="# open" />;
}

interface Props {
  open: Match[];
  all: readonly Match[];
  plays: boolean;
  isTipped: (match: Match) => boolean;
  propsOf: (match: Match) => OpenProps;
}

/** So long a tick waits for the one above it. */
const TICK_MS = 60;

/** The matches that take tips: the next one large if it closes before long, the near ones line by line, the far ones folded by rounds. */
export function Open({ open, all, plays, isTipped, propsOf }: Props) {
  const now_s = useNow(60);
  const one = useOneOpen();
  const { near, rounds } = laidOut(open, all, now_s);
  const untipped = near.flatMap(({ matches }) => matches).filter((match) => !isTipped(match));
  // Chosen once: what is tipped does not shrink under the eyes.
  const choose = (): string[] => (plays ? largeOf(untipped, now_s).map(({ code }) => code) : []);
  const [chosen, setChosen] = useState(choose);
  const large = open.filter(({ code }) => chosen.includes(code));
  if (chosen.length > 0 && large.length === 0) setChosen(choose());
  const above_s = Math.max(...large.map((match) => timeOf(match) ?? -Infinity));
  const isLater = ({ matches }: Day): boolean => matches.every((match) => (timeOf(match) ?? Infinity) >= above_s);
  let ticks = 0;
  const row = (match: Match) => {
    const props = propsOf(match);
    const after = props.fresh ? TICK_MS * ++ticks : 0;
    return (
      <OpenRow
        key={match.code}
        {...props}
        opened={one.code === match.code}
        open={one.open}
        close={one.close}
        after={after}
      />
    );
  };
  const days = near
    .map((day) => ({
      ...day,
      matches: day.matches.filter((match) => !large.includes(match)),
      untipped: day.matches.filter((match) => !large.includes(match) && !isTipped(match)).length,
    }))
    .filter(({ matches }) => matches.length > 0);
  return (
    <>
      {large.length > 0 && (
        <ul className={styles.large}>
          {large.map((match) => (
            <li key={match.code}>
              <Editor {...propsOf(match)} large />
              <Notes {...propsOf(match)} />
            </li>
          ))}
        </ul>
      )}
      {days.map((day, index) => (
        <Section
          key={day.key}
          title={<DayName at_s={day.at_s} later={large.length > 0 && isLater(day)} now_s={now_s} />}
          aside={
            plays && (
              <Aside
                first={large.length === 0 && index === 0 ? day.matches[0] : undefined}
                untipped={day.untipped}
                now_s={now_s}
              />
            )
          }
        >
          <Card>
            <ul>{day.matches.map(row)}</ul>
          </Card>
        </Section>
      ))}
      {rounds.length > 0 && (
        <Section title={<Trans>Coming up</Trans>}>
          <Rounds rounds={rounds} isTipped={isTipped} row={row} begins={near.length === 0} />
        </Section>
      )}
    </>
  );
}
