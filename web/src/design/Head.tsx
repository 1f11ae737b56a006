import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { Link } from "../route";
import styles from "./Head.module.css";
import { BackIcon } from "./icons";

/** The head of a place below another: the way back, its name, one fact at the end. */
export function Head({ back, children, aside }: { back: "/me" | "/book"; children: ReactNode; aside?: ReactNode }) {
  const { t } = useLingui();
  return (
    <header className={styles.head}>
      <Link to={back} className={styles.back} aria-label={t`Back`}>
        <BackIcon />
      </Link>
      <h1>{children}</h1>
      {aside}
    </header>
  );
}
