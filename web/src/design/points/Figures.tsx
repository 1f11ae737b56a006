import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import styles from "./Figures.module.css";

/** What points are given for. */
export const LABELS = {
  exact: <Trans>exact score</Trans>,
  difference: <Trans>goal difference</Trans>,
  tendency: <Trans>right winner or draw</Trans>,
};

export type Figure = readonly [points: number, label: ReactNode];

/** Those that win something else than the next. */
export const distinct = (figures: readonly Figure[]): Figure[] =>
  figures.filter(([points], at) => points !== figures[at + 1]?.[0]);

/** As many stand side by side. */
const MOST = 4;

/** A figure each, with what it is given for. */
export const Figures = ({ of }: { of: readonly (readonly [points: ReactNode, label: ReactNode])[] }) => (
  <ul className={styles.points} data-many={of.length > MOST || undefined}>
    {of.map(([points, label], at) => (
      <li key={at}>
        <b>{points}</b>
        <span>{label}</span>
      </li>
    ))}
  </ul>
);
