import { Trans, useLingui } from "@lingui/react/macro";

import { Choice } from "../../design/Choice";
import { ScoreFields, type Goals } from "../../design/ScoreFields";
import { teamName } from "../../design/teams";
import { TextField } from "../../design/TextField";
import type { Status } from "../../identity/assent/acts";
import { STATUS_WORDS } from "../../sentences/Outcome";
import styles from "./Organise.module.css";
import { hasScores, type Match, type ResultDraft } from "./outcome";

interface Props {
  match: Match;
  draft: ResultDraft;
  change: (draft: ResultDraft) => void;
  /** Whether the score after 90 minutes stands elsewhere. */
  rest?: boolean;
}

const CHOICES: readonly Status[] = ["played", "postponed", "cancelled", "abandoned", "awarded"];

/** Everything that a record of a match may say. */
export function ResultFields({ match, draft, change, rest = false }: Props) {
  const { t } = useLingui();
  const [home, away] = [teamName(match.home), teamName(match.away)];
  const score = (name: "half_time" | "after_90" | "after_120" | "shootout", label: string) => (
    <div className={styles.field}>
      <span>{label}</span>
      <ScoreFields
        home={home}
        away={away}
        of={label}
        value={draft[name]}
        change={(value: Goals) => change({ ...draft, [name]: value })}
      />
    </div>
  );
  return (
    <div className={styles.form}>
      <label className={styles.field}>
        <span>
          <Trans>What became of it</Trans>
        </span>
        <select
          className={styles.select}
          value={draft.status}
          onChange={(event) => change({ ...draft, status: event.target.value as Status })}
        >
          <StatusOptions />
        </select>
      </label>
      {hasScores(draft.status) && (
        <>
          <div className={styles.pair} data-scores>
            {!rest && score("after_90", t`After 90 minutes`)}
            {score("half_time", t`At half-time`)}
            {score("after_120", t`After extra time`)}
            {score("shootout", t`Penalties`)}
          </div>
          {match.base === "120" && (
            <p className={styles.soft}>
              <Trans>Here the score after extra time counts, where there was one.</Trans>
            </p>
          )}
          <Choice
            label={t`Who goes on`}
            value={draft.advances ?? "nobody"}
            choose={(side) => change({ ...draft, advances: side === "nobody" ? null : side })}
            choices={[
              { value: "nobody", says: "–" },
              { value: "home", says: home },
              { value: "away", says: away },
            ]}
          />
        </>
      )}
      <TextField
        label={t`Why, or where it was read`}
        value={draft.reason}
        onChange={(reason) => change({ ...draft, reason })}
        maxLength={200}
        hint={t`Everybody can read this.`}
      />
    </div>
  );
}

function StatusOptions() {
  return CHOICES.map((status) => (
    <option key={status} value={status}>
      {STATUS_WORDS[status]}
    </option>
  ));
}
