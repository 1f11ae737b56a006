import { Trans } from "@lingui/react/macro";

import { isBusy, isProblem } from "../node/client";
import { Unreadable } from "../node/shape";
import { Quoted } from "../words/Said";
import { Button } from "./Button";
import styles from "./Failure.module.css";

/** The node has too much to do. `again`: whether the page asks again by itself. */
export function Busy({ again = false }: { again?: boolean }) {
  return again ? (
    <Trans>This pool’s computer has much to do at the moment. This page tries again by itself.</Trans>
  ) : (
    <Trans>This pool’s computer has much to do at the moment. Try again in a minute; nothing is lost.</Trans>
  );
}

/** Why something could not be shown, and a way to try again. */
export function Failure({
  error,
  again,
  byItself = false,
}: {
  error: unknown;
  again?: (() => void) | undefined;
  /** Whether it is tried again by itself. */
  byItself?: boolean;
}) {
  return (
    <section className={styles.failure} role="alert">
      {isBusy(error) ? (
        <p>
          <Busy again={byItself} />
        </p>
      ) : isProblem(error) ? (
        <Quoted says={error.detail} />
      ) : error instanceof Unreadable || error instanceof SyntaxError || !(error instanceof Error) ? (
        <p>
          <Trans>
            This page cannot read what this pool’s computer answers: its program may be of another version, or not
            honest.
          </Trans>
        </p>
      ) : error instanceof TypeError ? (
        <p>
          <Trans>This pool’s computer does not answer. It may be off, or this device is not in its network.</Trans>
        </p>
      ) : (
        <p lang="en">{error.message}</p>
      )}
      {again !== undefined && (
        <Button onPress={again}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </section>
  );
}
