import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { buttonClass } from "../../design/Button";
import { cx } from "../../design/cx";
import { Pill } from "../../design/Pill";
import { Score } from "../../design/Score";
import { ShareMatch } from "../../design/share";
import { matchName } from "../../design/teams";
import { useCalm } from "../../device/calm";
import { hasSeen, sawMoment } from "../../device/seen";
import { usePlayerHere } from "../../keys/player";
import { openedOptions } from "../../keys/useOpened";
import type { Shapes } from "../../node/client";
import { useMatches, usePool, useStandings } from "../../node/queries";
import { Link } from "../../route";
import { seconds } from "../../words/time";
import { closesRound, isCounted } from "../../sentences/fullTime";
import { leadBy, movedBy, nearest } from "../../sentences/moved";
import { breaksOf } from "../../sentences/useEnds";
import { useWon } from "../../sentences/useWon";
import { Brought } from "./Brought";
import { Frame } from "./Frame";
import styles from "./FullTime.module.css";
import { Movers } from "./Movers";
import shared from "./Show.module.css";
import { OwnTip, Verdict } from "./Verdict";
import { verdictOf } from "./verdict";

/** As many lines of the table as the smallest phone has room for, and as others have. */
const [FEW, SOME] = [3, 4];
/** When the lines begin to slide: once the sentence has been read. */
const SLIDES_MS = 1900;

interface Props {
  match: Shapes["MatchBody"];
  record: Shapes["RecordBody"];
  score: Shapes["ScoreBody"];
  bets: readonly Shapes["BetBody"][];
}

/** What between equal points decides, where this device has read the pool's rules. */
function useBreaks(pool: string, plays: boolean): readonly string[] | undefined {
  const opened = useQuery({ ...openedOptions(pool), enabled: plays }).data;
  return opened && breaksOf(opened.pool.rules);
}

/** Who won the round that a match closed. */
function useRoundWon(match: Shapes["MatchBody"]) {
  const closes = closesRound(match, useMatches().data ?? []);
  return useWon(closes ? [{ stage: match.stage }] : [])?.[0];
}

/** The end of a match: how near one's own tip came, and who moved in the table. */
export function FullTime({ match, record, score, bets }: Props) {
  const { t } = useLingui();
  const pool = usePool();
  const own = usePlayerHere(pool.id)?.account;
  const calm = useCalm();
  const table = useStandings({}).data?.items;
  const breaks = useBreaks(pool.id, own !== undefined);
  const counted = isCounted(bets);
  const [take, setTake] = useState(() => ({ no: 0, plays: !hasSeen(match.code, "fulltime") }));
  useEffect(() => {
    if (counted) sawMoment(match.code, "fulltime");
  }, [counted, match.code]);
  const won = useRoundWon(match);
  const known = counted && table !== undefined && breaks !== undefined;
  const lead = useMemo(() => (known ? leadBy(table, bets, breaks) : undefined), [known, table, bets, breaks]);
  const brings = lead !== undefined || won !== undefined;
  const rows = useMemo(() => {
    if (!known) return [];
    const room = matchMedia("(max-height: 739px)").matches ? FEW - Number(brings) : SOME;
    return nearest(movedBy(table, bets, breaks), own, room);
  }, [known, table, bets, breaks, own, brings]);

  const plays = take.plays && !calm;
  const verdict = verdictOf(bets, own);
  const name = matchName(match);
  const { home, away } = score;
  return (
    <Frame
      match={match}
      title={t`Full time: ${name} ${home}:${away}`}
      at_s={seconds(record.since)}
      middle={
        <>
          <Score {...score} className={cx(shared.goals, shared.large)} />
          <Pill>
            <Trans>Full time</Trans>
          </Pill>
        </>
      }
      share={<ShareMatch look="stage" match={match} bets={bets} own={own} />}
      again={counted ? () => setTake({ no: take.no + 1, plays: true }) : undefined}
      onward={
        counted ? (
          <Link to="/table" replace className={buttonClass("flash", true)}>
            <Trans>See the table</Trans>
          </Link>
        ) : undefined
      }
    >
      {counted && (
        <div key={take.no} className={styles.end} data-plays={plays || undefined}>
          <OwnTip verdict={verdict} />
          <p className={styles.sentence} role="status">
            <Verdict verdict={verdict} />
          </p>
          <Brought {...{ lead, won, own }} />
          {rows.length > 1 && (
            <>
              <p className={styles.near}>
                <Trans>Near you</Trans>
              </p>
              <Movers rows={rows} own={own} after_ms={plays ? SLIDES_MS : undefined} />
            </>
          )}
        </div>
      )}
    </Frame>
  );
}
