import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Mark } from "../../checking/Mark";
import { BackIcon } from "../../design/icons";
import { Disc, type Person } from "../../design/people";
import { Stage } from "../../design/stage/Stage";
import { Link } from "../../route";
import styles from "./Head.module.css";

interface Props {
  /** What can be done with what stands here. */
  share?: ReactNode;
  children: ReactNode;
}

/** The stage at the top: the way back, the mark, sharing, and who this is about. */
export function Head({ share, children }: Props) {
  const { t } = useLingui();
  return (
    <Stage head className={styles.stage}>
      <div className={styles.bar}>
        <Link to="/table" className={styles.back} aria-label={t`Back to the table`}>
          <BackIcon />
        </Link>
        <Mark />
        <span className={styles.share}>{share}</span>
      </div>
      {children}
    </Stage>
  );
}

/** A player, as large as here: disc, name, points. */
export function Side({
  person,
  name,
  points,
  own = false,
}: {
  person: Person;
  name: ReactNode;
  points: number;
  own?: boolean;
}) {
  return (
    <div className={styles.side}>
      <Disc person={person} size={80} own={own} />
      <span className={styles.name}>{name}</span>
      <b className={styles.points}>{points}</b>
    </div>
  );
}

/** The sentence of the head. */
export const Says = ({ children }: { children: ReactNode }) => <p className={styles.says}>{children}</p>;
