import { scaleBand, scaleLinear } from "d3-scale";
import type { CSSProperties } from "react";

import styles from "./Ahead.module.css";
import type { leads } from "./duel";

type Lead = ReturnType<typeof leads>[number];

export interface BarsProps {
  /** After every match, the first one first. */
  leads: readonly Lead[];
  /** My colour and the other one's. */
  colours: readonly [mine: string, theirs: string];
}

const [WIDTH, HEIGHT] = [326, 108];
/** So many bars stand beside each other. */
export const SHOWN = 10;
const WIDEST = 26;
const LEAST = 2;
/** For a figure beyond its bar. */
const ROOM = 18;

const signOf = (by: number): "mine" | "theirs" | "none" => {
  if (by === 0) return "none";
  return by > 0 ? "mine" : "theirs";
};

/** Bars around zero: upwards where I was ahead. */
export function Bars({ leads, colours }: BarsProps) {
  const shown = leads.slice(-SHOWN);
  const values = shown.map(({ by }) => by);
  const x = scaleBand<number>([...shown.keys()], [0, WIDTH])
    .paddingInner(0.32)
    .paddingOuter(0.32);
  const wide = Math.min(x.bandwidth(), WIDEST);
  const [low, high] = [Math.min(...values, 0), Math.max(...values, 0)];
  const y = scaleLinear(low === high ? [1, -1] : [high, low], [high > 0 ? ROOM : 1, HEIGHT - (low < 0 ? ROOM : 1)]);
  return (
    <svg
      className={styles.bars}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      aria-hidden="true"
      style={{ "--mine": colours[0], "--theirs": colours[1] } as CSSProperties}
    >
      {shown.map(({ match, by }, at) => {
        const middle = (x(at) ?? 0) + x.bandwidth() / 2;
        const height = Math.max(Math.abs(y(by) - y(0)), LEAST);
        const top = by > 0 ? y(0) - height : y(0);
        return (
          <g key={match.no}>
            <rect
              className={styles.bar}
              data-of={signOf(by)}
              x={middle - wide / 2}
              y={top}
              width={wide}
              height={height}
              rx={Math.min(4, height / 2)}
            />
            {by !== 0 && (
              <text className={styles.by} x={middle} y={by > 0 ? top - 5 : top + height + 13} textAnchor="middle">
                {Math.abs(by)}
              </text>
            )}
          </g>
        );
      })}
      <path className={styles.zero} d={`M0 ${y(0)}H${WIDTH}`} />
    </svg>
  );
}
