import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Rules } from "./first";
import styles from "./Start.module.css";
import { type Chosen, chosenIn, pointsOf, WAYS, withPoints } from "./ways";

const valueOf = ({ way, name }: Chosen): string => `${way.key}:${name}`;

function Group({ label, children }: { label: string | undefined; children: ReactNode }) {
  return label === undefined ? children : <optgroup label={label}>{children}</optgroup>;
}

interface Props {
  schemes: readonly string[];
  /** The rounds of the matches. */
  rounds: readonly string[];
  rules: Rules;
  change: (rules: Rules) => void;
}

/** What a tip wins in a new pool, and what comes with that. */
export function PointsChoice({ schemes, rounds, rules, change }: Props) {
  const choices = WAYS.flatMap((way) => way.names(schemes).map((name) => ({ way, name })));
  const chosen = chosenIn(rules);
  const follows = pointsOf(rules)?.follows?.(rounds, rules.tie_breaks === undefined);
  return (
    <div className={styles.question}>
      <label className={styles.field}>
        <span>
          <Trans>Points: exact, difference, winner</Trans>
        </span>
        <select
          className={styles.select}
          value={chosen && valueOf(chosen)}
          onChange={({ target: { value } }) => {
            const next = choices.find((choice) => valueOf(choice) === value);
            if (next !== undefined) change(withPoints(rules, next));
          }}
        >
          {WAYS.map((way) => (
            <Group key={way.key} label={way.group?.()}>
              {way.names(schemes).map((name) => (
                <option key={name} value={valueOf({ way, name })}>
                  {way.of(name)?.says() ?? name}
                </option>
              ))}
            </Group>
          ))}
        </select>
      </label>
      {follows !== undefined && <p className={styles.soft}>{follows}</p>}
    </div>
  );
}
