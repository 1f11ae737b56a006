import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../../node/client";
import styles from "./Join.module.css";

interface Scoring {
  kind?: unknown;
  exact?: unknown;
  difference?: unknown;
  tendency?: unknown;
}

const points = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** What points a tip gives, where the rules are of the usual kind. */
function PointsLine({ scoring }: { scoring: Scoring }): ReactNode {
  const [exact, difference, tendency] = [points(scoring.exact), points(scoring.difference), points(scoring.tendency)];
  if (scoring.kind !== "best" || exact === null || difference === null || tendency === null) return null;
  return (
    <li>
      <Trans>
        {exact} points for the exact score, {difference} for the difference, {tendency} for the winner
      </Trans>
    </li>
  );
}

/** The pool's rules in three lines, and all of them on tap. */
export function Rules({ pool, rules }: { pool: Shapes["PoolBody"]; rules: Shapes["RulesBody"] | undefined }) {
  const chips = pool.starting_chips;
  const scoring = (rules?.rules as { scoring?: Scoring } | undefined)?.scoring;
  return (
    <div className={styles.rules}>
      <ul>
        {scoring !== undefined && <PointsLine scoring={scoring} />}
        <li>
          {pool.tips === "sealed" ? (
            <Trans>Sealed: tips are shown at kick-off, everybody’s at once</Trans>
          ) : (
            <Trans>Open: everybody sees each tip at once</Trans>
          )}
        </li>
        {chips > 0 && (
          <li>
            <Trans>{chips} chips of play money to begin with</Trans>
          </li>
        )}
      </ul>
      {rules !== undefined && (
        <details>
          <summary>
            <Trans>All rules</Trans>
          </summary>
          <ol lang="en">
            {rules.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
