import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import styles from "./Points.module.css";

interface Scoring {
  kind?: unknown;
  exact?: unknown;
  difference?: unknown;
  tendency?: unknown;
}

const LABELS: Record<"exact" | "difference" | "tendency", ReactNode> = {
  exact: <Trans>exact score</Trans>,
  difference: <Trans>goal difference</Trans>,
  tendency: <Trans>right winner or draw</Trans>,
};

/** What a tip wins, where it wins the best of a few: a figure each. One that wins no more than the next is left out. */
export function Points({ scoring }: { scoring: Scoring }) {
  const { kind, exact, difference, tendency } = scoring;
  if (kind !== "best" || ![exact, difference, tendency].every((it) => typeof it === "number")) return null;
  const figures = [
    ["exact", exact],
    ["difference", difference],
    ["tendency", tendency],
  ] as const;
  return (
    <ul className={styles.points}>
      {figures
        .filter(([, points], at) => points !== figures[at + 1]?.[1])
        .map(([of, points]) => (
          <li key={of}>
            <b>{points as number}</b>
            <span>{LABELS[of]}</span>
          </li>
        ))}
    </ul>
  );
}
