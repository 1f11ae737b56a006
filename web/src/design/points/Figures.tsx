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

/** A figure each, with what it is given for. */
export const Figures = ({ of }: { of: readonly Figure[] }) => (
  <ul className={styles.points}>
    {of.map(([points, label], at) => (
      <li key={at}>
        <b>{points}</b>
        <span>{label}</span>
      </li>
    ))}
  </ul>
);
