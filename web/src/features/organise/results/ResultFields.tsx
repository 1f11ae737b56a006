import { Trans, useLingui } from "@lingui/react/macro";

import { ScoreFields, type Goals } from "../../../design/ScoreFields";
import { teamName } from "../../../design/teams";
import type { Status } from "../../../identity/assent/acts";
import { baseOf } from "../../../sentences/base";
import { STATUS_WORDS } from "../../../sentences/Outcome";
import styles from "../Organise.module.css";
import { goesOn, hasScores, NO_RESULT, type Match, type ResultDraft } from "../outcome";
import { WhoAdvances } from "./WhoAdvances";

interface Props {
  match: Match;
  draft: ResultDraft;
  change: (draft: ResultDraft) => void;
  /** Whether it is asked beside this who advances. */
  asked?: boolean;
}

const CHOICES: readonly Status[] = ["played", "postponed", "cancelled", "abandoned", "awarded"];

/** Extra time, penalties and who advances: what is said already is shown wherever the match is played. */
const isKnockOut = (match: Match, { after_120, shootout, advances }: ResultDraft): boolean =>
  goesOn(match) ||
  JSON.stringify([after_120, shootout, advances]) !==
    JSON.stringify([NO_RESULT.after_120, NO_RESULT.shootout, NO_RESULT.advances]);

/** What a record of a match may say besides the score after 90 minutes and why. */
export function ResultFields({ match, draft, change, asked = false }: Props) {
  const { t } = useLingui();
  const [home, away] = [teamName(match.home), teamName(match.away)];
  const knockOut = isKnockOut(match, draft);
  const base = baseOf(match);
  const score = (name: "half_time" | "after_120" | "shootout", label: string) => (
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
          <Trans>Outcome</Trans>
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
            {score("half_time", t`At half-time`)}
            {knockOut && score("after_120", t`After extra time`)}
            {knockOut && score("shootout", t`Penalties`)}
          </div>
          {base.says !== undefined && <p className={styles.soft}>{base.says}</p>}
          {knockOut && !asked && <WhoAdvances match={match} draft={draft} change={change} />}
        </>
      )}
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
