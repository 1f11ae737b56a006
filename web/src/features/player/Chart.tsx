import { Trans } from "@lingui/react/macro";
import { scaleLinear } from "d3-scale";
import { curveLinear, curveStepAfter, line } from "d3-shape";
import { useEffect, useRef, useState, type ReactNode } from "react";

import styles from "./Chart.module.css";

export interface Dot {
  x: number;
  y: number;
  /** Below it, and in the table. */
  says: string;
}

interface Props {
  title: string;
  of: ReactNode;
  dots: Dot[];
  /** A value stays until the next one. */
  steps?: boolean;
}

const HEIGHT = 220;
const PAD = { top: 12, right: 16, bottom: 28, left: 44 };

/** A line of values, and the same as a table for whoever cannot see it. */
function Chart({ title, of, dots, steps = false }: Props) {
  const figure = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(340);
  useEffect(() => {
    if (figure.current === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry !== undefined) setWidth(Math.max(240, entry.contentRect.width));
    });
    observer.observe(figure.current);
    return () => observer.disconnect();
  }, []);
  const [first, last] = [dots[0], dots.at(-1)];
  if (first === undefined || last === undefined) return null;
  const x = scaleLinear([first.x, Math.max(last.x, first.x + 1)], [PAD.left, width - PAD.right]);
  const values = dots.map((dot) => dot.y);
  const low = steps ? Math.min(...values) : 0;
  const y = scaleLinear([low, Math.max(...values, low + 1)], [HEIGHT - PAD.bottom, PAD.top]).nice(4);
  const draw = line<Dot>(
    (dot) => x(dot.x),
    (dot) => y(dot.y),
  ).curve(steps ? curveStepAfter : curveLinear);
  return (
    <figure ref={figure} className={styles.figure}>
      <svg width={width} height={HEIGHT} role="img" aria-label={`${title}: ${last.says}, ${last.y}`}>
        {y
          .ticks(4)
          .filter(Number.isInteger)
          .map((tick) => (
            <g key={tick}>
              <line className={styles.rule} x1={PAD.left} x2={width - PAD.right} y1={y(tick)} y2={y(tick)} />
              <text className={styles.tick} x={PAD.left - 8} y={y(tick)} textAnchor="end" dominantBaseline="middle">
                {tick}
              </text>
            </g>
          ))}
        <text className={styles.tick} x={PAD.left} y={HEIGHT - 8}>
          {first.says}
        </text>
        {dots.length > 1 && (
          <text className={styles.tick} x={width - PAD.right} y={HEIGHT - 8} textAnchor="end">
            {last.says}
          </text>
        )}
        <path className={styles.course} d={draw(dots) ?? ""} />
        {!steps && dots.map((dot) => <circle key={dot.x} className={styles.dot} cx={x(dot.x)} cy={y(dot.y)} r={3} />)}
        <circle className={styles.dot} cx={x(last.x)} cy={y(last.y)} r={5} />
      </svg>
      <details>
        <summary>
          <Trans>As a table</Trans>
        </summary>
        <table className={styles.values}>
          <thead>
            <tr>
              <th scope="col">{of}</th>
              <th scope="col">{title}</th>
            </tr>
          </thead>
          <tbody>
            {dots.map((dot) => (
              <tr key={dot.x}>
                <td>{dot.says}</td>
                <td>{dot.y}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

export default Chart;
