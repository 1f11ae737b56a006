import { useId, type ReactNode } from "react";

import styles from "./Start.module.css";

interface Props {
  on: boolean;
  turn: (on: boolean) => void;
  /** What follows where it is on. */
  follows: ReactNode;
  children: ReactNode;
}

/** Something that is done or not. */
export function Switch({ on, turn, follows, children }: Props) {
  const id = useId();
  return (
    <div>
      <label className={styles.switch}>
        <span>{children}</span>
        <input
          type="checkbox"
          role="switch"
          checked={on}
          aria-describedby={id}
          onChange={(event) => turn(event.target.checked)}
        />
      </label>
      <p id={id} className={styles.soft}>
        {follows}
      </p>
    </div>
  );
}
