import { useEffect, useState } from "react";

import { useCalm } from "../../device/calm";
import { bringMotion } from "../../design/motion";

/** So many digits are counted before what has happened already, each for so long. */
const DIGITS = 3;
const DIGIT_MS = 700;

/** Whether what moves discs is there; where it does not come, nothing moves. */
function useMotion(): boolean {
  const [there, setThere] = useState(false);
  useEffect(() => {
    const go = (): void => setThere(true);
    bringMotion().then(go, go);
  }, []);
  return there;
}

interface Film {
  /** Counts down to what has happened; 0 when it is shown. */
  digit: number;
  /** Whether what is shown moves to its place; else it stands there at once. */
  plays: boolean;
  again: () => void;
}

/**
 * How a moment is shown: as it happens to whoever was there before (`live`), counted down to whoever comes later, at once to those who
 * know it. `ready`: there is something to show.
 */
export function useFilm(live: boolean, known: boolean, ready: boolean): Film & { ready: boolean } {
  const calm = useCalm();
  const moves = useMotion() || calm;
  const [{ digit, plays }, set] = useState(() => ({ digit: live || known || calm ? 0 : DIGITS, plays: !known }));
  const waits = ready && moves && digit > 0;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setTimeout(() => set({ digit: digit - 1, plays: true }), DIGIT_MS);
    return () => clearTimeout(timer);
  }, [waits, digit]);
  return {
    digit,
    plays: plays && !calm,
    again: () => set({ digit: calm ? 0 : DIGITS, plays: true }),
    ready: ready && moves,
  };
}
