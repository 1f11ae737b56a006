import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { type CSSProperties, type ReactNode, useEffect, useState } from "react";

import { m } from "../../design/motion";
import { Disc, Pile, type Person } from "../../design/people";
import silent from "../../design/Silent.module.css";
import { useColours, teamName } from "../../design/teams";
import type { Shapes } from "../../node/client";
import { type Side, SIDES } from "../../node/tips";
import type { Columns, Tipped } from "./columns";
import styles from "./Field.module.css";

const FLIES_S = 0.64;
const SPRING_CURVE = [0.22, 1.28, 0.36, 1] as const;
/** It has come to its place, and swings there. */
const LANDS_S = 0.42;
const STAGGER_S = 0.08;
/** All have left within so long, however many they are. */
const LEAVE_S = 1;

/** When each disc leaves and the last one has landed, in seconds after the kick-off. */
export function timesOf(discs: number): { stagger_s: number; landed_s: number } {
  const stagger_s = Math.min(STAGGER_S, LEAVE_S / Math.max(1, discs - 1));
  return { stagger_s, landed_s: 0.1 + stagger_s * Math.max(0, discs - 1) + FLIES_S };
}

/** A disc that flies from where it was to where it is. */
function Flying({ person, own, delay_s }: { person: Person; own: boolean; delay_s: number | undefined }) {
  const layout =
    delay_s === undefined
      ? { duration: 0.48, ease: SPRING_CURVE }
      : { duration: FLIES_S, ease: SPRING_CURVE, delay: delay_s };
  return (
    <m.span layoutId={person.account} className={styles.disc} transition={{ layout }}>
      <Disc person={person} size="given" own={own} />
    </m.span>
  );
}

const seat = (at: number, of: number): CSSProperties => {
  const angle = (2 * Math.PI * at) / of - Math.PI / 2;
  return {
    insetInlineStart: `${50 + 50 * Math.cos(angle)}%`,
    insetBlockStart: `${50 + 50 * Math.sin(angle)}%`,
    "--i": at,
  } as CSSProperties;
};

interface CircleProps {
  people: readonly Person[];
  /** How many more have tipped, without a disc. */
  more: number;
  own: string | undefined;
  /** Whose tips are open, while they are being opened. */
  open: ReadonlySet<string> | undefined;
  children: ReactNode;
}

/** Everybody who has tipped, on the centre circle. Where somebody sits says nothing about the tip. */
export function Circle({ people, more, own, open, children }: CircleProps) {
  const { t } = useLingui();
  return (
    <div className={styles.circle}>
      <ul className={styles.seats} aria-label={t`Who has tipped`}>
        {people.map((person, at) => (
          <li
            key={person.account}
            className={styles.seat}
            style={seat(at, people.length)}
            data-shut={open?.has(person.account) === false || undefined}
          >
            <Flying person={person} own={person.account === own} delay_s={undefined} />
            <span className={silent.silent}>{person.name}</span>
          </li>
        ))}
      </ul>
      <div className={styles.centre}>
        {children}
        {more > 0 && (
          <p className={styles.more}>
            <Plural value={more} one="and # more" other="and # more" />
          </p>
        )}
      </div>
    </div>
  );
}

/** How many have landed by now; all of them where nothing flies. `landings`: when each does, in seconds. */
function useLanded(landings: readonly number[] | undefined): number | undefined {
  const [passed_s, setPassed] = useState(0);
  const key = landings?.join(" ") ?? "";
  useEffect(() => {
    if (key === "") return undefined;
    const timers = key
      .split(" ")
      .map(Number)
      .map((at_s) => setTimeout(() => setPassed((before) => Math.max(before, at_s)), at_s * 1000));
    return () => timers.forEach(clearTimeout);
  }, [key]);
  return landings?.filter((at_s) => at_s <= passed_s).length;
}

interface ZoneProps {
  name: string;
  colour: string;
  tipped: readonly Tipped[];
  shown: ReadonlySet<string>;
  own: string | undefined;
  leaves: ((account: string) => number) | undefined;
}

function Zone({ name, colour, tipped, shown, own, leaves }: ZoneProps) {
  const seen = tipped.filter(({ account }) => shown.has(account));
  const more = tipped.length - seen.length;
  const landed = useLanded(leaves && tipped.map(({ account }) => leaves(account) + LANDS_S)) ?? tipped.length;
  const yours = tipped.some(({ account }) => account === own);
  return (
    <section
      className={styles.zone}
      data-yours={yours || undefined}
      style={{ "--zone": colour } as CSSProperties}
      aria-label={`${name}: ${tipped.length}`}
    >
      <b key={landed} className={styles.count} data-none={landed === 0 || undefined}>
        {landed}
      </b>
      <span className={styles.label}>{name}</span>
      <ul className={styles.tips}>
        {seen.map((person) => (
          <li
            key={person.account}
            className={styles.tip}
            style={{ "--leaves": `${leaves?.(person.account) ?? 0}s` } as CSSProperties}
          >
            <Flying person={person} own={person.account === own} delay_s={leaves?.(person.account)} />
            <span className={styles.who}>{person.name}</span>
            <span className={styles.score}>
              {person.score.home}:{person.score.away}
            </span>
          </li>
        ))}
        {more > 0 && <li className={styles.rest}>+{more}</li>}
      </ul>
    </section>
  );
}

interface ZonesProps {
  match: Shapes["MatchBody"];
  columns: Columns;
  shown: ReadonlySet<string>;
  own: string | undefined;
  /** When a disc leaves the circle, in seconds; nothing where all stand there at once. */
  leaves: ((account: string) => number) | undefined;
}

/** So many of a zone have room for their names. */
const FEW = 4;

const DRAW = "#8fa79b";

/** Home, draw, away: who believes in what, with their scores. */
export function Zones({ match, columns, shown, own, leaves }: ZonesProps) {
  const { t } = useLingui();
  const [home, away] = useColours(match.home, match.away);
  const heads: Record<Side, [name: string, colour: string]> = {
    home: [teamName(match.home), home],
    draw: [t`Draw`, DRAW],
    away: [teamName(match.away), away],
  };
  const fullest = Math.max(...SIDES.map((side) => columns[side].filter(({ account }) => shown.has(account)).length));
  return (
    <div
      className={styles.zones}
      data-few={fullest <= FEW || undefined}
      data-dense={fullest > 6 || undefined}
      data-full={fullest > 8 || undefined}
    >
      {SIDES.map((side) => (
        <Zone
          key={side}
          name={heads[side][0]}
          colour={heads[side][1]}
          tipped={columns[side]}
          {...{ shown, own, leaves }}
        />
      ))}
    </div>
  );
}

/** Whose tips nobody can read yet. */
export function Shut({ people }: { people: readonly Person[] }) {
  const count = people.length;
  if (count === 0) return null;
  return (
    <p className={styles.shut}>
      <Pile people={people} size={24} most={5} />
      <Plural value={count} one="# tip isn’t revealed yet" other="# tips aren’t revealed yet" />
    </p>
  );
}

/** Tips are being opened, one after the other. */
export const Opening = ({ open, all }: { open: number; all: number }) => (
  <p className={styles.opening}>
    <Trans>Opening the tips …</Trans>
    <span>
      <Trans>
        {open} of {all}
      </Trans>
    </span>
  </p>
);
