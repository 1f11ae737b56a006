import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { memo } from "react";

import { FoldIcon } from "../../design/icons";
import { Score } from "../../design/Score";
import silent from "../../design/Silent.module.css";
import { PastExtras } from "../../extras";
import { samePrediction, type Draft } from "../../identity/drafts/draft";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { ofMatch } from "../../identity/tippable";
import { isOver } from "../../keys/sent";
import { usePassed } from "../../node/clock";
import type { Shapes } from "../../node/client";
import { useGains, useLiveScore, type Live } from "../../node/live";
import { standing } from "../../node/record";
import { nearNow } from "../../node/tips";
import { Link } from "../../route";
import { Modifiers } from "../../rulebook/Sentences";
import { useScoreNow } from "../../sentences/underWay";
import { seconds } from "../../words/time";
import { Line } from "./Line";
import styles from "./Line.module.css";
import { News, Outcome } from "./Notes";

/** So long the last block from before the end of betting may take to arrive. */
const SETTLES_S = 60;

interface Props {
  pool: string;
  match: Shapes["MatchBody"];
  tip: OwnTip | undefined;
  draft: Draft | undefined;
  lift: () => void;
}

/** That the score is one of now, with the minute where it is known. */
const Minute = ({ minute }: Pick<Live, "minute">) => (
  <span className={styles.minute}>
    <span className={silent.silent}>
      <Trans>live</Trans>
    </span>
    {minute != null && `${minute}′`}
  </span>
);

/** What a tip gave. */
function Points({ points, exact }: { points: number; exact: boolean }) {
  return (
    <span className={styles.points} data-right={points > 0 || undefined} data-exact={exact || undefined}>
      <span aria-hidden="true">{points}</span>
      <span className={silent.silent}>
        <Plural value={points} one="# point" other="# points" />
      </span>
    </span>
  );
}

interface MineProps extends Pick<Props, "match" | "tip"> {
  /** Whether it gives points, or would by now. */
  right: boolean;
  missed: boolean;
  /** Whether nobody may have tipped. */
  late: boolean;
}

/** My tip, under the score: green where it gives points. */
function Mine({ match, tip, right, missed, late }: MineProps) {
  if (tip === undefined)
    return <span className={styles.tip}>{late ? <Trans>added too late</Trans> : <Trans>no tip</Trans>}</span>;
  if (tip.score === null)
    return (
      <span className={styles.tip}>
        <FoldIcon size={14} />
      </span>
    );
  // What makes an open one count otherwise says its team already.
  const opened = tip.bet?.score;
  const says = ofMatch(match).says(opened ?? tip.score, ":");
  return (
    <span className={styles.tip} data-right={right || undefined}>
      <Trans context="before its score">Tip</Trans> {missed ? <s>{says}</s> : says}{" "}
      <Modifiers says={tip.bet?.modifiers} />
    </span>
  );
}

/** Why a tip does not count. */
function Missed({ tip }: { tip: OwnTip }) {
  return (
    <p className={styles.note} data-hot>
      {tip.bet?.missed === true ? (
        <Trans>Your tip was not revealed in time, so it doesn’t count.</Trans>
      ) : tip.fate === "lost" ? (
        <Trans>Another entry took your tip’s place, so it doesn’t count.</Trans>
      ) : tip.fate === "refused" ? (
        <Trans>The pool’s computer lost your tip and can no longer accept it.</Trans>
      ) : (
        <Trans>Your tip came too late: it was not in a block before tips closed.</Trans>
      )}
    </p>
  );
}

/** A match that takes no more tips: how it stands, what was tipped, what it gave. */
export const PastRow = memo(function PastRow({ pool, match, tip, draft, lift }: Props) {
  const { t } = useLingui();
  const record = standing(match);
  const live = useLiveScore(match);
  const known = live ?? record?.score ?? null;
  const now = useScoreNow(match, live);
  const score = known ?? (now?.home == null ? null : now);
  const status = record?.outcome.status;
  const points = tip?.bet?.points;
  const closed_s = seconds(match.deadline ?? match.kickoff ?? "");
  const given_up_s = (Number.isNaN(closed_s) ? Infinity : closed_s) + SETTLES_S;
  const now_s = usePassed([given_up_s]);
  const over = tip !== undefined && tip.bet === undefined && (isOver(tip.fate) || given_up_s <= now_s);
  const missed = over || tip?.bet?.missed === true;
  const waits = tip !== undefined && tip.bet === undefined && !over;
  const unsent = draft !== undefined && !samePrediction(draft, tip?.score);
  const written = draft === undefined ? "" : ofMatch(match).says(draft, ":");
  const gains = useGains(live !== undefined && tip !== undefined);
  const right =
    points != null
      ? points > 0
      : tip?.score != null && known !== null && nearNow(tip.score, known, tip.bet?.player.account, gains) !== "none";
  const exact = points != null && points > 0 && tip?.score?.home === known?.home && tip?.score?.away === known?.away;
  return (
    <li className={styles.row}>
      <Link to="/match/:code" params={{ code: match.code }} className={styles.line}>
        <Line
          match={match}
          time={live && <Minute minute={live.minute} />}
          end={
            points != null ? (
              <Points points={points} exact={exact} />
            ) : waits ? (
              <span className={styles.ring} role="img" aria-label={t`Sent`} />
            ) : (
              missed && <strong className={styles.late}>!</strong>
            )
          }
        >
          {score === null ? (
            <span className={styles.none} aria-hidden="true">
              – : –
            </span>
          ) : (
            <Score {...score} className={live === undefined && record !== undefined ? undefined : styles.live} />
          )}
          <Mine match={match} tip={tip} right={!missed && right} missed={missed} late={match.lacks_notice} />
        </Line>
      </Link>
      {status !== undefined && status !== "played" && (
        <p className={styles.note}>
          <Outcome match={match} />
        </p>
      )}
      {tip?.score === null && !missed && tip.bet?.sealed === true && (
        <p className={styles.note}>
          <button type="button" onClick={lift}>
            <Trans>Unlock to see your tip</Trans>
          </button>
        </p>
      )}
      {unsent && record === undefined && (
        <p className={styles.note} data-hot>
          <Trans>Your draft {written} was never sent.</Trans>
        </p>
      )}
      {record === undefined && <News match={match} />}
      {missed && <Missed tip={tip} />}
      <PastExtras pool={pool} match={match} />
    </li>
  );
});
