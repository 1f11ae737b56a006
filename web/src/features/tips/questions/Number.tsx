import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import type { Asks } from "../../../node/questions";
import { Stepper } from "../Stepper";
import styles from "./Questions.module.css";
import type { Asked } from "./useAsked";

interface Props extends Pick<Asked, "written" | "put"> {
  asks: Extract<Asks, { kind: "number" }>;
  close: () => void;
}

const LONGEST = 4;

/** A number within bounds; one that is typed beyond them is no answer. */
export function Number({ asks: { least, most }, written: [known], put, close }: Props) {
  const { t } = useLingui();
  const [number, setNumber] = useState(known);
  const isIn = (it: number): boolean => it >= least && it <= most;
  const wrong = number !== undefined && !isIn(number);
  const write = (next: number | undefined): void => {
    setNumber(next);
    put(0, next !== undefined && isIn(next) ? next : undefined);
  };
  return (
    <>
      <div className={styles.number}>
        <Stepper
          label={t`Your number`}
          less={t`One less`}
          more={t`One more`}
          value={number ?? null}
          least={least}
          most={most}
          wrong={wrong}
          step={(by) => write(Math.min(Math.max((number ?? Math.round((least + most) / 2)) + by, least), most))}
          type={(text) => {
            const digits = text.replace(/\D/g, "").slice(0, LONGEST);
            write(digits === "" ? undefined : parseInt(digits, 10));
          }}
        />
        <p className={styles.soft} data-wrong={wrong || undefined}>
          <Trans>
            From {least} to {most}
          </Trans>
        </p>
      </div>
      <Button look="main" wide isDisabled={wrong} onPress={close}>
        <Trans>Done</Trans>
      </Button>
    </>
  );
}
