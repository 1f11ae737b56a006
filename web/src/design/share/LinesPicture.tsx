import type { ComponentProps, ReactNode } from "react";

import { Faces } from "../Faces";
import { Picture } from "./Picture";
import styles from "./LinesPicture.module.css";

interface PictureLine extends Pick<ComponentProps<typeof Faces>, "people" | "teams"> {
  text: string;
}

interface Props {
  /** Of what the lines are. */
  over: ReactNode;
  title: string;
  lines: readonly PictureLine[];
  foot?: ReactNode;
}

/** A line of more signs than this makes all of them smaller. */
const LONG = 84;

/** A few sentences, the first one in the light. */
export function LinesPicture({ over, title, lines, foot }: Props) {
  return (
    <Picture over={over} title={title} foot={foot}>
      <div className={styles.lines} data-long={lines.some(({ text }) => text.length > LONG) || undefined}>
        {lines.map(({ text, people, teams }) => (
          <div key={text} className={styles.line}>
            <span className={styles.face}>
              <Faces people={people} teams={teams} large />
            </span>
            <span className={styles.text}>{text}</span>
          </div>
        ))}
      </div>
    </Picture>
  );
}
