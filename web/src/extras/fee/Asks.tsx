import { Trans } from "@lingui/react/macro";

import { Button } from "../../design/Button";
import styles from "./Fee.module.css";

interface Props {
  name: string;
  /** What the player is to have paid; nothing where that is taken back. */
  amount: string | undefined;
  sign: () => void;
  close: () => void;
}

/** Asks whether a note is meant. */
export function Asks({ name, amount, sign, close }: Props) {
  return (
    <div className={styles.asks}>
      <p>
        <strong>
          {amount === undefined ? (
            <Trans>{name} hasn’t paid?</Trans>
          ) : (
            <Trans>
              {name} has paid {amount}?
            </Trans>
          )}
        </strong>{" "}
        <span>
          <Trans>Everyone will see that you say so.</Trans>
        </span>
      </p>
      <Button look="quiet" onPress={close}>
        <Trans>Cancel</Trans>
      </Button>
      <Button look="plain" onPress={sign}>
        {amount === undefined ? <Trans>Hasn’t paid</Trans> : <Trans>Has paid</Trans>}
      </Button>
    </div>
  );
}
