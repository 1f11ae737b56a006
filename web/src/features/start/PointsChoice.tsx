import { Trans, useLingui } from "@lingui/react/macro";

import type { Rules } from "./first";
import { SCHEMES } from "./schemes";
import styles from "./Start.module.css";

interface Props {
  schemes: readonly string[];
  rules: Rules;
  change: (rules: Rules) => void;
}

/** What a tip wins in a new pool. */
export function PointsChoice({ schemes, rules, change }: Props) {
  const { t } = useLingui();
  const nameOf = (scheme: string): string => {
    const points = SCHEMES[scheme];
    if (points !== undefined) return Object.values(points).join(" / ");
    return scheme === "add" ? t`Added up: exact 5, winner 2, difference 1, each team 1` : scheme;
  };
  return (
    <label className={styles.field}>
      <span>
        <Trans>Points: exact, difference, winner</Trans>
      </span>
      <select
        className={styles.select}
        value={rules.scheme}
        onChange={(event) => change({ ...rules, scheme: event.target.value })}
      >
        {schemes.map((scheme) => (
          <option key={scheme} value={scheme}>
            {nameOf(scheme)}
          </option>
        ))}
      </select>
    </label>
  );
}
