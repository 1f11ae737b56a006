import { Plural, Trans } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";

import { TickIcon } from "../../design/icons";
import { samePrediction } from "../../identity/drafts/draft";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { SentTips } from "../../identity/sending/sendTips";
import type { Tippable } from "../../identity/tippable";
import { useNow } from "../../node/clock";
import { Link } from "../../route";
import { dayInText, daysBetween, moment } from "../../words/time";
import styles from "./Done.module.css";

/** The bar leaves after so long; later where it says something to be done. */
const STAYS_MS = 5_000;
const LONGER_MS = 12_000;
/** Whose tips take longer to be confirmed is told that they were sent. */
const PATIENCE_MS = 2_000;

type Sent = SentTips["sent"];

const isIn =
  (tips: ReadonlyMap<number, OwnTip>) =>
  ({ on, draft }: Sent[number]): boolean => {
    const tip = tips.get(on.no);
    if (tip?.state !== "stamped") return false;
    return tip.score === null || samePrediction(tip.score, draft);
  };

interface Props {
  /** What was sent last. */
  sent: Sent | undefined;
  tips: ReadonlyMap<number, OwnTip>;
  /** What takes tips and has none. */
  untipped: readonly Tippable[];
  /** Whether the 24 words were written down. */
  written: boolean;
}

/** That what was sent is confirmed: rises over the bar of places, and leaves. */
export function Done({ sent, tips, untipped, written }: Props) {
  const confirmed = sent !== undefined && sent.length > 0 && sent.every(isIn(tips));
  const [late, setLate] = useState<Sent>();
  const [gone, setGone] = useState<Sent>();
  const tick = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (sent === undefined || confirmed) return undefined;
    const timer = setTimeout(() => setLate(sent), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [sent, confirmed]);
  useEffect(() => {
    if (sent === undefined || !confirmed) return undefined;
    void import("./confetti").then(({ celebrate }) => celebrate(tick.current));
    const timer = setTimeout(() => setGone(sent), written ? STAYS_MS : LONGER_MS);
    return () => clearTimeout(timer);
  }, [sent, confirmed, written]);
  const shown = sent !== undefined && sent.length > 0 && gone !== sent && (confirmed || late === sent);
  return (
    <div role="status" className={styles.place}>
      {shown && (
        <div className={styles.done} data-confirmed={confirmed || undefined}>
          <span className={styles.tick} ref={tick} key={String(confirmed)}>
            {confirmed ? <TickIcon size={28} /> : <span className={styles.ring} />}
          </span>
          <div>
            <strong>
              {confirmed ? (
                <Plural value={sent.length} one="# tip confirmed" other="# tips confirmed" />
              ) : (
                <Plural value={sent.length} one="# tip sent" other="# tips sent" />
              )}
            </strong>
            <p>{confirmed ? <Next untipped={untipped} /> : <Trans>Waiting to be confirmed …</Trans>}</p>
            {confirmed && !written && (
              <Link to="/me" hash="words">
                <Trans>Now write down your 24 words</Trans>
              </Link>
            )}
          </div>
        </div>
      )}
    </div>
  );
}

/** Until when nothing is left to do. */
function Next({ untipped }: Pick<Props, "untipped">) {
  const now_s = useNow(60);
  // Those without a date come last.
  const [next] = [...untipped].sort((one, other) => (one.at_s ?? Infinity) - (other.at_s ?? Infinity));
  if (next === undefined) return <Trans>You are complete.</Trans>;
  const { at_s, name: names } = next;
  if (at_s === null)
    return (
      <Plural
        value={untipped.length}
        one="# match without a date has no tip yet."
        other="# matches without a date have no tip yet."
      />
    );
  const day = dayInText(at_s, now_s);
  const at = moment(at_s, now_s);
  return daysBetween(now_s, at_s) > 0 ? (
    <Trans>Next without a tip: {day}.</Trans>
  ) : (
    <Trans>
      Next: {names}, {at}.
    </Trans>
  );
}
