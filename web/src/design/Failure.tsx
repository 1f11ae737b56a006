import { Trans } from "@lingui/react/macro";

import { isProblem } from "../node/client";
import { Button } from "./Button";
import styles from "./Failure.module.css";

/** Why something could not be shown, and a way to try again. */
export function Failure({ error, again }: { error: unknown; again?: (() => void) | undefined }) {
  return (
    <section className={styles.failure} role="alert">
      {isProblem(error) ? (
        <p lang="en">{error.detail}</p>
      ) : error instanceof TypeError ? (
        <p>
          <Trans>This pool’s computer does not answer. It may be off, or this device is not in its network.</Trans>
        </p>
      ) : (
        <p lang="en">{error instanceof Error ? error.message : String(error)}</p>
      )}
      {again !== undefined && (
        <Button onPress={again}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </section>
  );
}
