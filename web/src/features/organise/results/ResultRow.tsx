import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../../design/Button";
import { cx } from "../../../design/cx";
import { Pill } from "../../../design/Pill";
import { ScoreFields } from "../../../design/ScoreFields";
import { State } from "../../../design/State";
import { matchName, teamName } from "../../../design/teams";
import type { Shapes } from "../../../node/client";
import { useNow } from "../../../node/clock";
import { useLiveScore } from "../../../node/live";
import { Rest, Score, STATUS_WORDS } from "../../../sentences/Outcome";
import { LiveGoals } from "../../../sentences/LiveScore";
import { moment, seconds } from "../../../words/time";
import { hasScores, isEmpty, saysMore, type Match, type ResultDraft } from "../outcome";
import desk from "../Organise.module.css";
import { Pair } from "../Teams";
import { isUntold, withAdvancing } from "./advances";
import { More } from "./More";
import styles from "./Results.module.css";
import { isOwn, type Line } from "./useLines";
import { WhoAdvances } from "./WhoAdvances";

/** How long a match has been on, and the way to its result. */
function Playing({ match, enter }: { match: Match; enter: (score: Shapes["ScoreBody"] | undefined) => void }) {
  const now_s = useNow(60);
  const live = useLiveScore(match);
  // The time is told by the minute, the kick-off may have been in this one.
  const minutes = live?.minute ?? Math.max(0, Math.floor((now_s - seconds(match.kickoff ?? "")) / 60));
  const name = matchName(match);
  const { t } = useLingui();
  return (
    <span className={styles.playing}>
      <span className={styles.now}>
        {live !== undefined && <LiveGoals live={live} />}
        <Pill look="hot">
          <Trans>Live · {minutes} min</Trans>
        </Pill>
      </span>
      <Button look="well" aria-label={t`Enter result: ${name}`} onPress={() => enter(live)}>
        <Trans>Enter result</Trans>
      </Button>
    </span>
  );
}

interface Props {
  line: Line;
  change: (draft: ResultDraft) => void;
  tick: (on: boolean) => void;
  account: string;
}

/** A match without a result: two digits, a tick, and the rest behind "More…". */
export function ResultRow({ line, change: put, tick, account }: Props) {
  const { match, how, draft, proposed, sent, whole, on, asks, leg } = line;
  const { t } = useLingui();
  const now_s = useNow(60);
  const [entering, setEntering] = useState(false);
  const [more, setMore] = useState(false);
  const name = matchName(match);
  const waits = sent === undefined && how === "playing" && !entering && isEmpty(draft);
  const asked = asks && sent === undefined && !waits && isUntold(draft);
  // Who advances stands below, where it is asked.
  const beside = asked ? { advances: null } : {};
  const outcome =
    sent ?? (saysMore({ ...draft, ...beside }) && whole !== undefined ? { ...whole, ...beside } : undefined);
  const change = (next: ResultDraft): void => put(asks ? withAdvancing(draft, next, leg) : next);
  return (
    <li className={styles.row} data-live={waits || undefined}>
      <Pair match={match}>
        {outcome !== undefined && <Rest match={match} outcome={outcome} />}
        {proposed !== undefined && isOwn(line) && (
          <span className={styles.soft}>
            <Trans>
              The score feed says <Score outcome={proposed.outcome} />
            </Trans>
          </span>
        )}
        <span className={styles.meta}>
          {match.kickoff != null && moment(seconds(match.kickoff), now_s)}
          {sent === undefined && (
            <button type="button" className={styles.more} aria-label={t`More… ${name}`} onClick={() => setMore(true)}>
              <Trans>More…</Trans>
            </button>
          )}
        </span>
      </Pair>
      {sent !== undefined ? (
        <span className={styles.sent}>
          <span className={styles.score}>
            <Score outcome={sent} />
          </span>
          <State is="sent" />
        </span>
      ) : waits ? (
        <Playing
          match={match}
          enter={(score) => {
            setEntering(true);
            if (score !== undefined) change({ ...draft, after_90: { home: score.home, away: score.away } });
          }}
        />
      ) : (
        <>
          {hasScores(draft.status) ? (
            <ScoreFields
              home={teamName(match.home)}
              away={teamName(match.away)}
              value={draft.after_90}
              change={(after_90) => change({ ...draft, after_90 })}
            />
          ) : (
            <strong>{STATUS_WORDS[draft.status]}</strong>
          )}
          <label className={cx(desk.tick, styles.box)}>
            <input
              type="checkbox"
              aria-label={t`Confirm ${name}`}
              checked={on}
              disabled={whole === undefined}
              onChange={({ target }) => tick(target.checked)}
            />
          </label>
        </>
      )}
      {asked && (
        <div className={styles.asks}>
          <WhoAdvances match={match} draft={draft} change={put} />
        </div>
      )}
      <More match={match} draft={draft} change={change} account={account} open={more} close={() => setMore(false)} />
    </li>
  );
}
