import { Trans } from "@lingui/react/macro";
import { useId } from "react";

import styles from "./Start.module.css";

/** Whether the node is to read a competition's results. */
export function Proposals({ on, turn }: { on: boolean; turn: (on: boolean) => void }) {
  const follows = useId();
  return (
    <div>
      <label className={styles.switch}>
        <span>
          <Trans>Propose results automatically</Trans>
        </span>
        <input
          type="checkbox"
          role="switch"
          checked={on}
          aria-describedby={follows}
          onChange={(event) => turn(event.target.checked)}
        />
      </label>
      <p id={follows} className={styles.soft}>
        <Trans>Your computer reads the results from openfootball. You confirm them with one tap.</Trans>
      </p>
    </div>
  );
}
