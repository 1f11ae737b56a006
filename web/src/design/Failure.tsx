import { Trans } from "@lingui/react/macro";

import { isBusy, isProblem } from "../node/client";
import { Unreadable } from "../node/shape";
import { Quoted } from "../words/Said";
import { Button } from "./Button";
import styles from "./Failure.module.css";

/** The node has too much to do. `again`: whether the page asks again by itself. */
export function Busy({ again = false }: { again?: boolean }) {
  return again ? (
    <Trans>The pool’s computer is busy. Trying again automatically.</Trans>
  ) : (
    <Trans>The pool’s computer is busy. Try again in a minute; nothing is lost.</Trans>
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
            This page can’t read the answer of the pool’s computer. Its program may be another version, or dishonest.
          </Trans>
        </p>
      ) : error instanceof TypeError ? (
        <p>
          <Trans>Can’t reach the pool’s computer. It may be off, or you may have lost your connection.</Trans>
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
