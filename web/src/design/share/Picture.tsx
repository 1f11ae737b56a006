import type { ReactNode } from "react";

import { Stage } from "../stage/Stage";
import styles from "./Share.module.css";

interface Props {
  /** A small line above the title. */
  over: ReactNode;
  title: string;
  children: ReactNode;
  /** One sentence below. */
  foot?: ReactNode;
  colours?: readonly [home: string, away: string] | undefined;
}

/** A title of more signs than this is written smaller. */
const LONG = 22;

/** What is shared: a stage of 1080 × 1350 pixels. It says nothing of what was checked: a picture proves nothing. */
export function Picture({ over, title, children, foot, colours }: Props) {
  return (
    <Stage className={styles.picture} colours={colours}>
      <span className={styles.circle} />
      <div>
        <div className={styles.over}>{over}</div>
        <div className={styles.title} data-long={title.length > LONG || undefined}>
          {title}
        </div>
      </div>
      <div className={styles.body}>{children}</div>
      <div className={styles.foot}>
        <span>{foot}</span>
        <span>Bolao</span>
      </div>
    </Stage>
  );
}
