import { generate } from "lean-qr";

import styles from "./Qr.module.css";

/** Light modules around it, as scanners want. */
const QUIET = 4;

/** The side of the three squares by which a scanner finds it. */
const EYE = 7;

const Eye = ({ x, y }: { x: number; y: number }) => (
  <>
    <rect className={styles.ring} x={x + 0.5} y={y + 0.5} width={EYE - 1} height={EYE - 1} rx={1.8} />
    <rect x={x + 2} y={y + 2} width={EYE - 4} height={EYE - 4} rx={1} />
  </>
);

/** A text as a QR code, dark on white in both themes. `label` says what it leads to. */
export function Qr({ text, label }: { text: string; label: string }) {
  const code = generate(text);
  const far = code.size - EYE;
  const isEye = (x: number, y: number): boolean =>
    (x < EYE || x >= far) && (y < EYE || y >= far) && !(x >= far && y >= far);
  const dark: string[] = [];
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1) if (!isEye(x, y) && code.get(x, y)) dark.push(`M${x} ${y}h1v1h-1z`);
  const side = code.size + 2 * QUIET;
  return (
    <svg className={styles.code} viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`} role="img" aria-label={label}>
      <path shapeRendering="crispEdges" d={dark.join("")} />
      <Eye x={0} y={0} />
      <Eye x={far} y={0} />
      <Eye x={0} y={far} />
    </svg>
  );
}
