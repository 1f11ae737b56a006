import { generate } from "lean-qr";

import styles from "./Qr.module.css";

/** Light modules around it, as scanners want. */
const QUIET = 4;

/** A text as a QR code, dark on white in both themes. `label` says what it leads to. */
export function Qr({ text, label }: { text: string; label: string }) {
  const code = generate(text);
  const dark: string[] = [];
  for (let y = 0; y < code.size; y += 1)
    for (let x = 0; x < code.size; x += 1) if (code.get(x, y)) dark.push(`M${x} ${y}h1v1h-1z`);
  const side = code.size + 2 * QUIET;
  return (
    <svg
      className={styles.code}
      viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <path d={dark.join("")} />
    </svg>
  );
}
