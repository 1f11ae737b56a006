import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { Notice } from "../../../design/Notice";
import { TextField } from "../../../design/TextField";
import { scheduled } from "../../../identity/assent/acts";
import { Refusal } from "../../../identity/sending/Refusal";
import { useOffice } from "../../../identity/sending/useSend";
import { useLead, useNotice } from "../../../keys/useOpened";
import { matchName } from "../../../design/teams";
import { useNow } from "../../../node/clock";
import { useMatches } from "../../../node/queries";
import { span } from "../../../words/time";
import { TooLate } from "./Difference";
import { draftOf, fixtureOf, isSudden, lateness, twinOf } from "./fixture";
import styles from "../Organise.module.css";
import type { Match } from "../outcome";

const NEW = { code: "", home: "", away: "", stage: "", kickoff: "" };

/** A match's teams and kick-off, changed or new. */
export function FixtureForm({
  match,
  numberOf,
  done,
}: {
  match: Match | undefined;
  /** The number of a new match with a code. */
  numberOf: (code: string) => number;
  done: () => void;
}) {
  const { t } = useLingui();
  const sending = useOffice();
  const now_s = useNow();
  const [draft, setDraft] = useState(match === undefined ? NEW : draftOf(match));
  const [sure, setSure] = useState<number>();
  // What the draft does not say is that of the match as it was when the form was opened.
  const [seen] = useState(match === undefined ? [] : [scheduled(match)]);
  const fixture = fixtureOf(draft, match?.no ?? numberOf(draft.code), match);
  const same = fixture !== undefined && JSON.stringify(fixture) === JSON.stringify(seen[0]);
  const past = !same && fixture?.kickoff != null && fixture.kickoff <= now_s;
  const to = fixture?.kickoff ?? undefined;
  const sudden =
    match !== undefined && to !== undefined && !same && !past && isSudden(to, match, now_s) ? to : undefined;
  const unsure = sudden !== undefined && sure !== sudden;
  const { data: matches = [] } = useMatches();
  const twin = match === undefined && fixture !== undefined ? twinOf(fixture, matches) : undefined;
  const [again, setAgain] = useState<string>();
  const asks = twin !== undefined && again !== twin.code;
  const notice_s = useNotice();
  const lead_s = useLead();
  const late =
    fixture === undefined || same || past ? undefined : lateness(fixture, match, { notice_s, lead_s }, now_s);
  const notice = span(notice_s);
  const teams = twin === undefined ? "" : matchName(twin);
  const time = sudden === undefined ? "" : span(sudden - now_s);
  const field = (name: "home" | "away" | "stage" | "code", label: string, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={draft[name]}
      onChange={(value) => setDraft({ ...draft, [name]: value })}
      maxLength={64}
    />
  );
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (fixture !== undefined && !same && !past && !unsure && !asks)
          sending.mutate({ act: { type: "schedule", fixture }, seen }, { onSuccess: done });
      }}
    >
      <label className={styles.field}>
        <span>
          <Trans>Kick-off, in your time zone</Trans>
        </span>
        <input
          type="datetime-local"
          className={styles.moment}
          value={draft.kickoff}
          onChange={(event) => setDraft({ ...draft, kickoff: event.target.value })}
        />
      </label>
      {past && (
        <Notice look="bad">
          <Trans>This time has already passed. Choose a later kick-off.</Trans>
        </Notice>
      )}
      {sudden !== undefined && (
        <Notice look="soon">
          <p>
            <Trans>Then tips close in {time}. Anyone who opens the page later can’t tip this match any more.</Trans>
          </p>
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={!unsure}
              onChange={(event) => setSure(event.target.checked ? sudden : undefined)}
            />
            <strong>
              <Trans>Yes, it kicks off that soon</Trans>
            </strong>
          </label>
        </Notice>
      )}
      {late === "late" && (
        <Notice look="soon">
          <Trans>It kicks off in less than {notice}, so nobody can tip it.</Trans>
        </Notice>
      )}
      {late === "lost" && (
        <Notice look="bad">
          <TooLate bets={match?.bets ?? 0} />
        </Notice>
      )}
      {twin !== undefined && (
        <Notice look="soon">
          <p>
            <Trans>{teams} is in the pool already, less than 36 hours from this kick-off.</Trans>
          </p>
          <label className={styles.tick}>
            <input
              type="checkbox"
              checked={!asks}
              onChange={(event) => setAgain(event.target.checked ? twin.code : undefined)}
            />
            <strong>
              <Trans>Yes, they play again</Trans>
            </strong>
          </label>
        </Notice>
      )}
      {match !== undefined && (
        <p className={styles.soft}>
          <Trans>If you bring it forward, tips close earlier. Everyone can see who moved it.</Trans>
        </p>
      )}
      <div className={styles.pair}>
        {field("home", t`Home team`)}
        {field("away", t`Away team`)}
      </div>
      {match === undefined && (
        <div className={styles.pair}>
          {field("code", t`Short name`, t`For example PtCh`)}
          {field("stage", t`Round`)}
        </div>
      )}
      <Refusal error={sending.error} />
      <Button
        type="submit"
        look="main"
        wide
        isDisabled={fixture === undefined || same || past || unsure || asks || sending.isPending}
      >
        {fixture === undefined ? (
          <Trans>Something is still missing</Trans>
        ) : same ? (
          <Trans>Nothing changed yet</Trans>
        ) : (
          <Trans>Save</Trans>
        )}
      </Button>
    </form>
  );
}
