import { useId } from "react";

import type { Club, Pattern } from "./clubs";
import { contrast, lightOf } from "./contrast";
import styles from "./Team.module.css";

const SHIELD = "M3 2.5Q12 .5 21 2.5V12C21 18 16.5 21 12 23C7.5 21 3 18 3 12Z";

/** Where the second colour is. */
const PATTERNS: Record<Pattern, string> = {
  plain: "",
  halves: "M12 0h12v24H12z",
  stripes: "M6.6 0h3.6v24H6.6zM13.8 0h3.6v24h-3.6z",
  hoops: "M0 0h24v5.2H0zM0 9.5h24v4.6H0zM0 18.4h24V24H0z",
  sash: "M-1,5.5 5,0 25,17 19,23z",
  pale: "M8 0h8v24H8z",
  band: "M0 7.5h24v8H0z",
  quarters: "M12 0h12v11H12zM0 11h12v13H0z",
};
/** Under letters that could not be read on both colours. */
const STRIP = "M0 7h24v9H0z";

const READABLE = 4.5;
const WHITE = "#ffffff";
const BLACK = "#000000";

/** The colour of letters that can be read on all of these. */
const inkOn = (grounds: readonly string[], wanted: string): string | undefined =>
  [wanted, WHITE, BLACK].find((ink) => grounds.every((ground) => contrast(ink, ground) >= READABLE));

/** The letters' colour, and that of a strip under them where they need one. */
export function lettering({ pattern, colours: [first, second] }: Club): { ink: string; strip?: string } {
  const grounds = pattern === "plain" ? [first] : pattern === "band" ? [second] : [first, second];
  const ink = inkOn(grounds, pattern === "band" ? first : second);
  if (ink !== undefined) return { ink };
  const [strip, light] = lightOf(first) < lightOf(second) ? [first, second] : [second, first];
  return { ink: inkOn([strip], light) ?? WHITE, strip };
}

/** A club's shield: its two colours as on its shirt, and its letters. */
export function Crest({ club }: { club: Club }) {
  const id = useId();
  const {
    letters,
    pattern,
    colours: [first, second],
  } = club;
  const { ink, strip } = lettering(club);
  return (
    <svg className={styles.crest} viewBox="2 1 20 22.5">
      <clipPath id={id}>
        <path d={SHIELD} />
      </clipPath>
      <g clipPath={`url(#${id})`}>
        <path d="M0 0h24v24H0z" fill={first} />
        {pattern === "plain" ? (
          <path d={SHIELD} fill="none" stroke={second} strokeWidth={3} />
        ) : (
          <path d={PATTERNS[pattern]} fill={second} />
        )}
        {strip !== undefined && <path d={STRIP} fill={strip} />}
      </g>
      <path d={SHIELD} className={styles.rim} />
      <text x={12} y={14.3} fill={ink} data-long={letters.length > 2 || undefined}>
        {letters}
      </text>
    </svg>
  );
}
