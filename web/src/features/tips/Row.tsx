import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { memo, useState, type ReactNode } from "react";

import { cx } from "../../design/cx";
import { ChevronIcon, FoldIcon, PencilIcon } from "../../design/icons";
import { State } from "../../design/State";
import { Badge, Team, teamName } from "../../design/teams";
import type { Status } from "../../identity/assent/acts";
import { isWhole, pencil, whichOf, type Draft } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { isOver } from "../../keys/sent";
import { useNow, usePassed } from "../../node/clock";
import type { Shapes } from "../../node/client";
import { useLiveScore } from "../../node/live";
import { standing } from "../../node/record";
import type { Pool } from "../../rules";
import { isNews } from "../../identity/assent/Moves";
import { Moved } from "../../words/Moved";
import { LiveGoals, LiveMark } from "../../sentences/LiveScore";
import { STATUS_WORDS } from "../../sentences/Outcome";
import { clockTime, seconds } from "../../words/time";
import { Countdown } from "./Countdown";
import styles from "./Row.module.css";
import { Stake } from "./Stake";
import { stepped, typed, type Side } from "./stepper";
import { Stepper } from "./Stepper";
import { Waiting } from "./Waiting";
import { Who } from "./Who";

type Match = Shapes["MatchBody"];

export interface RowProps {
  pool: string;
  match: Match;
  /** How many play. */
  players: number;
  tip: OwnTip | undefined;
  draft: Draft | undefined;
  /** Whether somebody plays on this device. */
  plays: boolean;
  /** Limits of stakes, once they are known. */
  limits: Pick<Pool, "stake_min" | "stake_max"> | undefined;
  lift: () => void;
  /** Whether the key wants its passphrase before it reads what is sealed. */
  locked: boolean;
  /** Whether the tip has just been stamped. */
  fresh: boolean;
  /** Who opens a sealed tip. */
  opens: ReactNode;
}

/** A score, or the fold of a sealed one. */
function Score({ tip, lift }: { tip: OwnTip; lift?: () => void }) {
  const { t } = useLingui();
  if (tip.score === null) {
    return (
      <button type="button" className={styles.fold} onClick={lift} aria-label={t`Sealed: unlock to read your tip`}>
        <FoldIcon size={20} />
      </button>
    );
  }
  return (
    <span className={styles.score}>
      {tip.score.home} : {tip.score.away}
    </span>
  );
}

/** What is written of a match, with what it will be where a draft stands over it. */
function sentence(match: Match, written: { home: number | null; away: number | null } | null | undefined): string {
  const [home, away] = [teamName(match.home), teamName(match.away)];
  if (written?.home == null || written.away == null) return `${home} – ${away}`;
  return `${home} ${written.home} : ${written.away} ${away}`;
}

type Write = (next: Draft) => void;

/** What a draft starts from: itself, or the tip that stands. */
const writtenOf = ({ draft, tip }: Pick<RowProps, "draft" | "tip">): Draft | undefined =>
  draft ?? (tip?.score ? { ...tip.score, stake: tip.stake } : undefined);

/** Writes a draft; one that says what stands already is rubbed out. */
function writerOf({ pool, match, tip: known }: RowProps): Write {
  const tip = isOver(known?.fate) ? undefined : known;
  return (next) => {
    const same = next.home === tip?.score?.home && next.away === tip.score.away && next.stake === tip.stake;
    const empty = tip === undefined && next.home === null && next.away === null;
    pencil(pool, whichOf(match), same || empty ? undefined : next);
  };
}

function Editor({ match, written, write }: { match: Match; written: Draft | undefined; write: Write }) {
  const side = (which: Side) => (
    <div className={styles.side}>
      <Team team={match[which]} />
      <Stepper
        team={teamName(match[which])}
        goals={written?.[which] ?? null}
        step={(by) => write(stepped(written, which, by))}
        type={(text) => write(typed(written, which, text))}
      />
    </div>
  );
  return (
    <>
      {side("home")}
      {side("away")}
    </>
  );
}

function Folded({ match, tip, lift }: { match: Match; tip: OwnTip; lift: () => void }) {
  return (
    <div className={styles.line}>
      <span className={styles.home}>
        <span>{teamName(match.home)}</span>
        <Badge team={match.home} />
      </span>
      <Score tip={tip} lift={lift} />
      <span className={styles.away}>
        <Badge team={match.away} />
        <span>{teamName(match.away)}</span>
      </span>
    </div>
  );
}

/** Whether a tip is another than the draft over it, which may have been sent already. */
const stays = ({ fate, bet, score, stake }: OwnTip, draft: Draft): boolean =>
  !isOver(fate) &&
  (bet !== undefined ||
    (score !== null && (score.home !== draft.home || score.away !== draft.away || stake !== draft.stake)));

/** That the tip under a draft counts as long as the draft is not sent. */
function Stays({ tip: { score, stake }, draft }: { tip: OwnTip; draft: Draft }) {
  const { t } = useLingui();
  const chips = draft.stake === stake ? "" : ` · ${t`${stake} chips`}`;
  const stands = score === null ? "" : `${score.home}:${score.away}${chips}`;
  return (
    <p className={styles.stays}>
      {stands === "" ? <Trans>Your tip stays until you send</Trans> : <Trans>{stands} stays until you send</Trans>}
    </p>
  );
}

/** A match that takes tips. */
export const OpenRow = memo(function OpenRow(props: RowProps) {
  const { t } = useLingui();
  const { match, players, tip, draft, plays, lift, locked, fresh, pool, limits, opens } = props;
  const [changing, setChanging] = useState(false);
  const editing = plays && (draft !== undefined || tip === undefined || changing);
  const stake = tip?.stake ?? 0;
  const written = writtenOf(props);
  const write = writerOf(props);
  const staking = editing && written !== undefined && isWhole(written) && (limits?.stake_max ?? 0) > 0;
  const says = sentence(match, draft ?? tip?.score);
  return (
    <li className={cx(styles.row, tip !== undefined && draft === undefined && styles.inked)} aria-label={says}>
      {editing ? (
        <Editor match={match} written={written} write={write} />
      ) : tip === undefined ? (
        <>
          <Team team={match.home} />
          <Team team={match.away} />
        </>
      ) : (
        <Folded match={match} tip={tip} lift={lift} />
      )}
      <div className={styles.foot}>
        <span className={styles.facts}>
          <Countdown match={match} />
          <Who match={match} players={players} />
        </span>
        {staking && (
          <Stake
            stake={written.stake}
            least={limits?.stake_min ?? 0}
            most={limits?.stake_max ?? 0}
            put={(stake) => write({ ...written, stake })}
          />
        )}
        <span className={styles.facts} data-end>
          {stake > 0 && draft === undefined && <Trans>{stake} chips</Trans>}
          {draft !== undefined ? (
            <>
              <button
                type="button"
                className={styles.change}
                onClick={() => {
                  pencil(pool, whichOf(match), undefined);
                  setChanging(false);
                }}
              >
                <Trans>Rub out</Trans>
              </button>
              <State is="draft" />
            </>
          ) : (
            tip !== undefined && (
              <>
                {plays && tip.score === null && locked && (
                  <button
                    type="button"
                    className={styles.change}
                    onClick={lift}
                    aria-label={t`Unlock to change: ${says}`}
                  >
                    <PencilIcon size={16} />
                    <Trans>Unlock to change</Trans>
                  </button>
                )}
                {!changing && plays && tip.score !== null && (
                  <button
                    type="button"
                    className={styles.change}
                    onClick={() => setChanging(true)}
                    aria-label={t`Change: ${says}`}
                  >
                    <PencilIcon size={16} />
                    <Trans>Change</Trans>
                  </button>
                )}
                <State is={tip.state} sealed={tip.sealed} fresh={fresh} />
              </>
            )
          )}
        </span>
      </div>
      <News match={match} />
      {match.postponed && (
        <p className={styles.stays}>
          <Outcome match={match} />
        </p>
      )}
      {draft !== undefined && tip !== undefined && stays(tip, draft) && <Stays tip={tip} draft={draft} />}
      {draft === undefined && tip !== undefined && (
        <Waiting match={match} tip={tip} again={plays && written !== undefined ? () => write(written) : undefined} />
      )}
      {draft === undefined && opens}
    </li>
  );
});

/** So long the last page from before the end of betting may take to arrive. */
const SETTLES_S = 60;

type ClosedProps = Pick<RowProps, "match" | "tip" | "draft" | "lift">;

/** A match that takes no more tips: what was tipped, how it stands, what it gave. */
export const ClosedRow = memo(function ClosedRow({ match, tip, draft, lift }: ClosedProps) {
  const record = standing(match);
  const result = record?.score ?? null;
  const live = useLiveScore(match);
  const begins_s = match.kickoff == null ? null : seconds(match.kickoff);
  const began = begins_s === null ? "" : clockTime(begins_s);
  const status = record?.outcome.status;
  const points = tip?.bet?.points;
  const ended_s = match.deadline == null ? begins_s : seconds(match.deadline);
  const given_up_s = (ended_s ?? Infinity) + SETTLES_S;
  const now_s = usePassed([begins_s ?? Infinity, given_up_s]);
  const missed = tip !== undefined && tip.bet === undefined && (isOver(tip.fate) || given_up_s <= now_s);
  return (
    <li className={styles.row}>
      <Link to="/match/$code" params={{ code: match.code }} className={styles.closed}>
        <span className={styles.home}>
          <span>{teamName(match.home)}</span>
          <Badge team={match.home} />
        </span>
        <span className={styles.result}>
          {live !== undefined ? (
            <LiveGoals live={live} />
          ) : result === null ? (
            "– : –"
          ) : (
            `${result.home} : ${result.away}`
          )}
        </span>
        <span className={styles.away}>
          <Badge team={match.away} />
          <span>{teamName(match.away)}</span>
        </span>
        <ChevronIcon size={16} />
      </Link>
      <div className={styles.foot}>
        <span className={styles.facts}>
          {status !== undefined && status !== "played" ? (
            <span>
              <Outcome match={match} />
            </span>
          ) : live !== undefined ? (
            <LiveMark minute={live.minute} />
          ) : result === null && begins_s !== null && begins_s <= now_s ? (
            <strong className={styles.on}>
              <Trans>Kicked off {began}</Trans>
            </strong>
          ) : (
            began !== "" && <span>{began}</span>
          )}
          {tip !== undefined && (
            <span className={styles.mine}>
              <Trans>
                Your tip <Score tip={tip} lift={lift} />
              </Trans>
            </span>
          )}
          {draft !== undefined && record === undefined ? (
            <span className={styles.late}>
              <s>
                {draft.home ?? "–"} : {draft.away ?? "–"}
              </s>{" "}
              <Trans>was never sent</Trans>
            </span>
          ) : (
            tip === undefined && (
              <span>
                <Trans>no tip</Trans>
              </span>
            )
          )}
        </span>
        <span className={styles.facts} data-end>
          {points != null ? (
            <strong className={points > 0 ? styles.won : undefined}>
              <Plural value={points} one="# point" other="# points" />
            </strong>
          ) : (
            tip !== undefined &&
            (tip.bet?.missed === true ? (
              <span className={styles.late}>
                <Trans>Not opened in time</Trans>
              </span>
            ) : (
              <State is={missed ? "late" : tip.state} sealed={tip.sealed} />
            ))
          )}
        </span>
      </div>
      {record === undefined && <News match={match} />}
      {missed && (
        <p className={styles.late}>
          {tip.fate === "lost" ? (
            <Trans>Its place in the book is taken, or was a wrong one: it does not get in.</Trans>
          ) : tip.fate === "refused" ? (
            <Trans>This pool’s computer lost your tip, and the rules no longer let it in.</Trans>
          ) : (
            <Trans>Not in the book before betting ended: this tip does not count.</Trans>
          )}
        </p>
      )}
    </li>
  );
});

/** That a match was moved of late. */
function News({ match }: { match: Match }) {
  if (!isNews(match, useNow(60))) return null;
  return (
    <p className={styles.waits}>
      <Moved match={match} />
    </p>
  );
}

/** That a match was not played as it was to be, and why. */
function Outcome({ match }: { match: Match }) {
  const outcome = standing(match)?.outcome;
  return (
    <>
      {STATUS_WORDS[outcome?.status as Status]}
      {outcome?.reason != null && (
        <>
          : <q>{outcome.reason}</q>
        </>
      )}
    </>
  );
}
