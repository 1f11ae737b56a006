import type { ReactNode } from "react";

import { Disc, type Person } from "../people";
import { Picture } from "./Picture";
import styles from "./TablePicture.module.css";

interface PictureLine {
  place: number;
  person: Person;
  points: number;
  /** Places won, or lost where it is negative. */
  moved?: number | undefined;
}

interface Props {
  /** After what it stands so. */
  over: ReactNode;
  title: string;
  lines: readonly PictureLine[];
  own?: string | undefined;
  foot?: ReactNode;
}

const MOST = 9;
/** So many stand larger. */
const FEW = 5;

/** The first ones, and this device's player wherever they stand. */
export function chosen(lines: readonly PictureLine[], own: string | undefined): readonly PictureLine[] {
  const first = lines.slice(0, MOST);
  const mine = lines.slice(MOST).find(({ person }) => person.account === own);
  return mine === undefined ? first : [...first.slice(0, -1), mine];
}

function Moved({ by }: { by: number }) {
  return (
    <span className={styles.moved} data-up={by > 0 || undefined}>
      {by > 0 ? "▲" : "▼"}
      {Math.abs(by)}
    </span>
  );
}

/** A table, or that of a round, with whoever leads in the light. */
export function TablePicture({ over, title, lines, own, foot }: Props) {
  const shown = chosen(lines, own);
  const few = shown.length <= FEW;
  return (
    <Picture over={over} title={title} foot={foot}>
      <div className={styles.lines} data-few={few || undefined}>
        {shown.map(({ place, person, points, moved = 0 }, index) => (
          <div key={person.account} className={styles.line} data-first={index === 0 || undefined}>
            <b className={styles.place}>{place}</b>
            <Disc person={person} size={few ? 48 : index === 0 ? 40 : 32} />
            <span className={styles.name}>{person.name}</span>
            <span>{moved !== 0 && <Moved by={moved} />}</span>
            <b className={styles.points}>{points}</b>
          </div>
        ))}
      </div>
    </Picture>
  );
}
