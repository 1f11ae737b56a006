import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { votes as askedVotes } from "../../checking/questions";
import { useAsked } from "../../checking/useAsked";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { ScoreFields } from "../../design/ScoreFields";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { State } from "../../design/State";
import { matchName, Team, teamName } from "../../design/teams";
import { usePending } from "../../identity/drafts/ownTips";
import { Refusal } from "../../identity/sending/Refusal";
import { useOffice } from "../../identity/sending/useSend";
import type { Shapes } from "../../node/client";
import { useNow } from "../../node/clock";
import { useMatches, usePool, useVotes } from "../../node/queries";
import { standing } from "../../node/record";
import { Moment } from "../../words/Moment";
import { Rest, Score, STATUS_WORDS } from "../../sentences/Outcome";
import { distance, seconds } from "../../words/time";
import { LiveFields } from "./LiveFields";
import { useOwnOffice } from "./me";
import styles from "./Organise.module.css";
import {
  hasScores,
  isEarly,
  isEmpty,
  lacksResult,
  NO_RESULT,
  outcomeOf,
  resultOf,
  saysMore,
  signedBy,
  type Match,
  type ResultDraft,
} from "./outcome";
import { Records } from "./Records";
import { ResultFields } from "./ResultFields";
import { Thanks } from "./Thanks";
import { isResult, ToSign } from "./ToSign";
import { signed, type, useTyped } from "./typed";
import { WebResults } from "./WebResults";

/** A match without a result: the score in the row, the rest behind a button. */
function Row({
  match,
  draft,
  change,
  sent,
  playing,
  account,
}: {
  match: Match;
  draft: ResultDraft;
  change: (draft: ResultDraft) => void;
  /** What was signed and is in no page yet. */
  sent: Shapes["OutcomeBody"] | undefined;
  playing: boolean;
  account: string;
}) {
  const { t } = useLingui();
  const now_s = useNow();
  const [more, setMore] = useState(() => saysMore(draft));
  const [live, setLive] = useState(false);
  const ago = match.kickoff == null ? "" : distance(now_s - seconds(match.kickoff));
  const [home, away] = [teamName(match.home), teamName(match.away)];
  return (
    <li className={styles.card}>
      <div className={styles.line}>
        <span className={styles.teams}>
          <Team team={match.home} />
          <Team team={match.away} />
        </span>
        {sent !== undefined ? (
          <Score outcome={sent} />
        ) : hasScores(draft.status) ? (
          <ScoreFields
            home={home}
            away={away}
            value={draft.after_90}
            change={(after_90) => change({ ...draft, after_90 })}
          />
        ) : (
          <strong>{STATUS_WORDS[draft.status]}</strong>
        )}
      </div>
      {sent !== undefined && <Rest match={match} outcome={sent} />}
      <div className={styles.foot}>
        <span className={styles.soft}>
          {sent !== undefined ? (
            <State is="sent" />
          ) : playing ? (
            <span className={styles.soon}>
              <Trans>Kicked off {ago} ago: has it finished?</Trans>
            </span>
          ) : (
            match.kickoff != null && <Moment at_s={seconds(match.kickoff)} />
          )}
        </span>
        {sent === undefined && (
          <span className={styles.doing}>
            {match.kickoff != null && (
              <Button
                look="quiet"
                aria-expanded={live}
                aria-label={t`Live score of ${home} – ${away}`}
                onPress={() => setLive(!live)}
              >
                <Trans>Live score</Trans>
              </Button>
            )}
            <Button
              look="quiet"
              aria-expanded={more}
              aria-label={more ? t`Less on ${home} – ${away}` : t`More on ${home} – ${away}`}
              onPress={() => setMore(!more)}
            >
              {more ? <Trans>Less</Trans> : <Trans>More</Trans>}
            </Button>
          </span>
        )}
      </div>
      {live && sent === undefined && <LiveFields match={match} account={account} />}
      {more && sent === undefined && <ResultFields match={match} draft={draft} change={change} rest />}
    </li>
  );
}

/** Asks before a result is signed so soon after its kick-off that it may be none. */
function Finished({ matches, yes, no }: { matches: readonly Match[]; yes: () => void; no: () => void }) {
  const now_s = useNow();
  return (
    <Sheet title={<Trans>Has it finished?</Trans>} open={matches.length > 0} close={no}>
      <ul className={styles.rows}>
        {matches.map((match) => {
          const ago = match.kickoff == null ? "" : distance(now_s - seconds(match.kickoff));
          return (
            <li key={match.code}>
              <strong>{matchName(match)}</strong> · <Trans>Kicked off {ago} ago</Trans>
            </li>
          );
        })}
      </ul>
      <div className={styles.doing}>
        <Button look="main" onPress={yes}>
          <Trans>Yes, sign it</Trans>
        </Button>
        <Button onPress={no}>
          <Trans>Not yet</Trans>
        </Button>
      </div>
    </Sheet>
  );
}

/** The results of the day in one form, what others have signed, and what stands. */
export function Results() {
  const now_s = useNow();
  const matches = useMatches();
  const votes = useVotes();
  useAsked(votes.data === undefined ? undefined : "votes", askedVotes.read);
  const { account } = useOwnOffice();
  const sent = usePending(account || undefined);
  const sending = useOffice();
  const { id } = usePool();
  const drafts = useTyped(id);
  const [asks, setAsks] = useState(false);

  if (matches.data === undefined || votes.data === undefined) {
    const error = matches.error ?? votes.error;
    if (error === null) return <Skeleton rows={4} height={112} />;
    return <Failure error={error} again={() => void Promise.all([matches.refetch(), votes.refetch()])} />;
  }
  const waiting = votes.data.filter(isResult);
  const lacking = matches.data.flatMap((match) => {
    const how = lacksResult(match, now_s);
    return how === undefined || waiting.some((vote) => vote.match.no === match.no) ? [] : [{ match, how }];
  });
  const onTheWay = new Map(
    sent.data?.flatMap(({ action }) => (action.type === "result" ? [[action.match.no, action.outcome] as const] : [])),
  );
  const written = lacking.filter(({ match }) => !isEmpty(drafts[match.code] ?? NO_RESULT) && !onTheWay.has(match.no));
  const whole = written.flatMap(({ match }) => {
    const outcome = outcomeOf(drafts[match.code] ?? NO_RESULT);
    return outcome === undefined ? [] : [resultOf(match, outcome)];
  });
  const records = matches.data.filter((match) => standing(match)?.provisional === true);
  const count = whole.length;
  const early = written.filter(({ match, how }) => isEarly(how, drafts[match.code] ?? NO_RESULT));
  const sign = (): void => {
    setAsks(false);
    const codes = new Set(written.map(({ match }) => match.code));
    const those = Object.fromEntries(Object.entries(drafts).filter(([code]) => codes.has(code)));
    sending.mutate(whole, { onSuccess: () => signed(id, those) });
  };
  return (
    <div className={styles.desk}>
      <ToSign
        votes={waiting}
        account={account}
        matches={matches.data}
        sign={(office) => sending.mutate(office)}
        busy={sending.isPending}
      />
      <WebResults account={account} votes={waiting} />
      {lacking.length > 0 && (
        <form
          className={styles.section}
          onSubmit={(event) => {
            event.preventDefault();
            if (count === 0 || count !== written.length) return;
            if (early.length > 0) setAsks(true);
            else sign();
          }}
        >
          <h2 className={styles.title}>
            <Trans>Begun, without a result</Trans>
          </h2>
          <ul className={styles.rows}>
            {lacking.map(({ match, how }) => (
              <Row
                key={match.code}
                match={match}
                draft={drafts[match.code] ?? NO_RESULT}
                change={(draft) => type(id, match.code, draft)}
                sent={onTheWay.get(match.no)}
                playing={how === "playing"}
                account={account}
              />
            ))}
          </ul>
          {written.length > 0 && (
            <div className={styles.bar}>
              <Button type="submit" look="main" wide isDisabled={count !== written.length || sending.isPending}>
                {count === written.length ? (
                  <Plural value={count} one="Sign # result" other="Sign # results" />
                ) : (
                  <Trans>A score is half written</Trans>
                )}
              </Button>
            </div>
          )}
        </form>
      )}
      <Finished matches={asks ? early.map(({ match }) => match) : []} yes={sign} no={() => setAsks(false)} />
      <Refusal error={sending.error} />
      <Records records={records} account={account} />
      {lacking.length === 0 && waiting.length === 0 && records.length === 0 && (
        <Empty title={<Trans>No result is missing</Trans>}>
          <Trans>As soon as a match has begun, it stands here.</Trans>
        </Empty>
      )}
      <div role="status">
        {sending.isSuccess && lacking.length === 0 && (
          <Thanks waits={waiting.some(({ signers }) => signedBy(signers, account))} over={() => sending.reset()} />
        )}
      </div>
    </div>
  );
}
