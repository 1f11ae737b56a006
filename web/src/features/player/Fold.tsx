import { useState, type ReactNode } from "react";

import { ChevronIcon } from "../../design/icons";
import styles from "./Fold.module.css";

interface Props {
  title: ReactNode;
  /** One fact at the end of the line. */
  aside?: ReactNode;
  children: ReactNode;
}

/** What few ask for, below its heading and not even begun until somebody does. */
export function Fold({ title, aside, children }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <details
      className={styles.fold}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open) setOpened(true);
      }}
    >
      <summary>
        <h2>{title}</h2>
        {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        <ChevronIcon size={20} />
      </summary>
      {opened && <div className={styles.inside}>{children}</div>}
    </details>
  );
}
