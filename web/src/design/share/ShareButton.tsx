import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState, type ReactNode } from "react";
import { createPortal } from "react-dom";

import { Button } from "../Button";
import { copy } from "../copy";
import { ShareIcon } from "../icons";
import { canShare, sharePicture, type Left } from "./share";
import styles from "./Share.module.css";

interface Props {
  /** A `Picture` of what may be shown to everybody: of tips only those that are revealed. */
  picture: () => ReactNode;
  /** What is said beside it. */
  text: string;
  /** Of the file, without an ending. */
  name: string;
  /** What is shared, where a place has several. */
  label?: string;
  /** As a `Button`'s. */
  look?: "bare" | "quiet" | "stage";
}

type State = "rests" | "draws" | "failed" | Left;

/** So long does it say what came of it. */
const SAYS_MS = 5_000;

/** Draws a picture and gives it away with a text: by the device's own menu, or as a file with the text copied. */
export function ShareButton({ picture, text, name, label, look = "quiet" }: Props) {
  const { t } = useLingui();
  const [state, setState] = useState<State>("rests");
  const [copied, setCopied] = useState(false);
  const drawn = useRef<HTMLDivElement>(null);
  const words = useRef<HTMLSpanElement>(null);
  const draws = state === "draws";
  useEffect(() => {
    if (draws && drawn.current !== null)
      sharePicture(drawn.current, text, name).then(setState, () => setState("failed"));
    // A picture is of the moment in which it was asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draws]);
  useEffect(() => {
    if (state === "draws" || state === "rests") return undefined;
    const timer = setTimeout(() => setState("rests"), SAYS_MS);
    return () => clearTimeout(timer);
  }, [state]);
  return (
    <>
      <Button
        look={look}
        aria-label={label ?? t`Share`}
        onPress={() => {
          if (draws) return;
          // Browsers copy only while a finger's press is fresh.
          if (!canShare()) void copy(text, words.current).then(setCopied);
          setState("draws");
        }}
      >
        <ShareIcon />
      </Button>
      {createPortal(
        <>
          <span ref={words} className={styles.words} aria-hidden="true">
            {text}
          </span>
          {draws && (
            <div className={styles.away} aria-hidden="true" inert>
              <div ref={drawn}>{picture()}</div>
            </div>
          )}
          <div role="status" className={styles.says}>
            {state === "saved" && (
              <p>{copied ? <Trans>Picture saved, text copied.</Trans> : <Trans>Picture saved.</Trans>}</p>
            )}
            {state === "failed" && (
              <p>
                <Trans>The picture could not be made.</Trans>
              </p>
            )}
          </div>
        </>,
        document.body,
      )}
    </>
  );
}
