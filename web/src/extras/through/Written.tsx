import { Trans, useLingui } from "@lingui/react/macro";

import { matchName, Team } from "../../design/teams";
import { asksThrough, withThrough } from "../../identity/drafts/draft";
import type { WrittenProps } from "../extra";
import { useChosen } from "../playerFeature";
import { countsOn } from "./through";
import styles from "./Through.module.css";

const SIDES = ["home", "away"] as const;

/** Under a tip of a draw, and under another that names a team: one tap names the team that goes through, and another takes that back. */
export function Written({ pool, match, written, write }: WrittenProps) {
  const { t } = useLingui();
  const rule = useChosen(pool)?.through;
  if (written === undefined || !asksThrough(written) || !countsOn(rule, match)) return null;
  const name = matchName(match);
  return (
    <div className={styles.through} role="group" aria-label={t`${name}: who goes through?`}>
      <span className={styles.asks} aria-hidden="true">
        <Trans>Who goes through?</Trans>
      </span>
      {SIDES.map((side) => (
        <button
          key={side}
          type="button"
          className={styles.team}
          aria-pressed={written.through === side}
          onClick={() => write(withThrough(written, side))}
        >
          <Team team={match[side]} />
        </button>
      ))}
    </div>
  );
}
