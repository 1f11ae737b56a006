import { Trans } from "@lingui/react/macro";

import { CrownIcon } from "../../design/icons";
import { Dot } from "./Form";
import styles from "./Standings.module.css";

/** What the signs of the table mean. */
export function Legend({ form, crowns }: { form: boolean; crowns: boolean }) {
  if (!form && !crowns) return null;
  return (
    <ul className={styles.legend}>
      {form && (
        <>
          <li>
            <Dot is="exact" />
            <Trans>exact</Trans>
          </li>
          <li>
            <Dot is="points" />
            <Trans>points</Trans>
          </li>
          <li>
            <Dot is="none" />
            <Trans>no points</Trans>
          </li>
        </>
      )}
      {crowns && (
        <li>
          <span className={styles.crown}>
            <CrownIcon size={14} />
          </span>
          <Trans>round won</Trans>
        </li>
      )}
    </ul>
  );
}
