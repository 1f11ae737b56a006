import { Trans, useLingui } from "@lingui/react/macro";

import { Button } from "../../../design/Button";
import { answerName } from "../../../identity/answers/answer";
import type { Asks } from "../../../node/questions";
import { Answer } from "../../../sentences/Answer";
import { Options } from "../../../sentences/Options";
import styles from "./Questions.module.css";
import type { Asked } from "./useAsked";

interface Props extends Pick<Asked, "written" | "put"> {
  asks: Extract<Asks, { kind: "choice" }>;
  close: () => void;
}

/** The places of an answer of several: a tap on one that is filled clears it. */
function Slots({ asks, written, put }: Omit<Props, "close">) {
  const { t } = useLingui();
  return (
    <ol className={styles.slots}>
      {written.map((answer, slot) => {
        const place = slot + 1;
        const name = answer === undefined ? "" : answerName(asks, answer);
        return (
          <li key={slot}>
            <button
              type="button"
              className={styles.slot}
              disabled={answer === undefined}
              aria-label={answer === undefined ? undefined : t`${place}: ${name}; clear`}
              onClick={() => put(slot, undefined)}
            >
              <b>{place}</b>
              {answer !== undefined && <Answer asks={asks} answer={answer} />}
            </button>
          </li>
        );
      })}
    </ol>
  );
}

/** One of a list, whose first tap is the answer; or several, where each tap fills the next place. */
export function Pick({ asks, written, put, close }: Props) {
  const several = written.length > 1;
  const next = written.indexOf(undefined);
  const tap = (answer: number): void => {
    const at = written.indexOf(answer);
    if (!several) {
      put(0, answer);
      close();
    } else if (at >= 0) put(at, undefined);
    else put(next, answer);
  };
  return (
    <>
      {several && <Slots asks={asks} written={written} put={put} />}
      <Options asks={asks} picked={written} full={several && next < 0} tap={tap} />
      {several && (
        <div className={styles.foot}>
          <Button look="main" wide onPress={close}>
            <Trans>Done</Trans>
          </Button>
        </div>
      )}
    </>
  );
}
