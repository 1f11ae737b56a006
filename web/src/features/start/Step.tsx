import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, type ReactNode } from "react";

import { BackIcon } from "../../design/icons";
import { Stage } from "../../design/stage/Stage";
import styles from "./Step.module.css";

interface Props {
  /** Which of three; none beside the way. */
  step?: 1 | 2 | 3;
  /** What is above the question: the program’s name, or the pool’s. */
  top?: ReactNode;
  title: ReactNode;
  says?: ReactNode;
  back?: (() => void) | undefined;
  /** Whether what follows reaches into it. */
  overlapped?: boolean;
}

/** What stands on the head of a step. One that takes another’s place also takes the focus. */
export function StepHead({ step, top, title, says, back }: Props) {
  const { t } = useLingui();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    scrollTo(0, 0);
    // The first one leaves the focus where the browser has it.
    if (back !== undefined || step === 3) heading.current?.focus({ preventScroll: true });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it comes
  }, []);
  return (
    <>
      <div className={styles.top}>
        {back === undefined ? (
          <strong>{top ?? "Bolao"}</strong>
        ) : (
          <button type="button" className={styles.back} onClick={back} aria-label={t`Back`}>
            <BackIcon />
          </button>
        )}
        {step !== undefined && <Trans>Step {step} of 3</Trans>}
      </div>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {title}
      </h1>
      {says !== undefined && <p className={styles.says}>{says}</p>}
    </>
  );
}

/** The head of a step: a question on the stage. */
export const Step = ({ overlapped = false, ...head }: Props) => (
  <Stage head className={styles.stage}>
    <div className={styles.inside} data-overlapped={overlapped || undefined}>
      <svg className={styles.circle} viewBox="0 0 260 260" aria-hidden="true">
        <circle cx="130" cy="130" r="110" />
        <circle className={styles.spot} cx="130" cy="130" r="3" />
        <path d="M130 0v600" />
      </svg>
      <StepHead {...head} />
    </div>
  </Stage>
);
