import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";

import { AllRules } from "../../identity/entry/AllRules";
import type { Shapes } from "../../node/client";
import { namesOf } from "../../words/Names";
import type { Agreed } from "./agreed";
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

/** Who could look before kick-off, while few keep the book. */
function Few({ keepers }: { keepers: Shapes["PlayerRef"][] }) {
  const names = namesOf(keepers);
  return (
    <li>
      {keepers.length === 1 ? (
        <Trans>Until two more computers keep the book, the host’s program could look sooner</Trans>
      ) : (
        <Trans>Until one more computer keeps the book, the programs of {names} together could look sooner</Trans>
      )}
    </li>
  );
}

interface OfPool {
  id: string;
  pool: Agreed;
  /** Who could look into sealed tips, as the node says. */
  couldLook: Shapes["PlayerRef"][] | undefined;
}

/** The pool's rules in three lines, and all of them on tap. */
export function Rules({ id, pool, couldLook }: OfPool) {
  const { i18n } = useLingui();
  const chips = i18n.number(pool.starting_chips);
  const { scoring } = pool.rules as { scoring?: Scoring };
  return (
    <div className={styles.rules}>
      <ul>
        {scoring !== undefined && <PointsLine scoring={scoring} />}
        <li>
          {pool.bets === "sealed" ? (
            <Trans>Sealed: tips are shown at kick-off, everybody’s at once</Trans>
          ) : (
            <Trans>Open: everybody sees each tip at once</Trans>
          )}
        </li>
        {pool.bets === "sealed" && couldLook !== undefined && <Few keepers={couldLook} />}
        {pool.starting_chips > 0 && (
          <li>
            <Trans>{chips} chips of play money to begin with</Trans>
          </li>
        )}
      </ul>
      <AllRules pool={id} className={styles.how}>
        <Trans>All rules</Trans>
      </AllRules>
    </div>
  );
}
