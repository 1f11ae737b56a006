import { Trans } from "@lingui/react/macro";

import { Mark } from "../../checking/Mark";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Skeleton } from "../../design/Skeleton";
import { useSoon } from "../../device/soon";
import { useWide } from "../../device/wide";
import { Absent } from "../../identity/entry/Absent";
import { useDrafts } from "../../identity/drafts/drafts";
import { Pools } from "../../identity/pools";
import { ShortTable } from "../../sentences/ShortTable";
import { Done } from "./Done";
import { Joining } from "./Joining";
import { Matches } from "./Matches";
import { Questions } from "./questions/Card";
import { useAsked } from "./questions/useAsked";
import { Reminder } from "./Reminder";
import { Sending } from "./Sending";
import { Strip } from "./Strip";
import styles from "./Tips.module.css";
import { useInSight } from "./useInSight";
import { useTips } from "./useTips";

/** The home of players: what is coming, and their tips on it. */
export function Tips() {
  const here = useTips();
  const { pool, player, matches, tips, open, isTipped, sending } = here;
  const asked = useAsked(pool.id, here.questions, here.own);
  const wide = useWide();
  const { bar, presses } = useInSight(useDrafts(pool.id));
  const drawn = useSoon(here.isReady);

  if (here.error !== null) return <Failure error={here.error} again={here.again} />;
  if (matches === undefined || !drawn) return <Skeleton rows={5} height={148} />;

  const confirmed = [...tips.values()].some(({ state }) => state === "stamped");
  return (
    <div className={styles.tips} {...presses}>
      <header className={styles.head}>
        <Pools own={pool.id} />
        <h1>{wide ? <Trans>Tips</Trans> : here.name}</h1>
        <Mark />
      </header>

      <div className={styles.main}>
        {player === undefined ? (
          <Absent pool={pool.id} />
        ) : (
          <div className={styles.own}>
            <Joining pool={pool.id} player={player} />
            {!wide && (
              <Strip
                player={player}
                players={here.players}
                scored={matches.filter(({ record }) => record?.score != null).length}
                open={open.length}
                tipped={open.filter(isTipped).length}
              />
            )}
            <Reminder pool={pool.id} player={player} tipped={confirmed} />
          </div>
        )}
        {here.unread !== null && <Failure error={here.unread} again={here.askAgain} />}
        <Questions {...here} asked={asked} plays={player !== undefined} />
        <Matches {...here} plays={player !== undefined} />
        {matches.length === 0 && (
          <Empty title={<Trans>No matches yet</Trans>}>
            <Trans>They appear here as soon as an organiser has added them.</Trans>
          </Empty>
        )}
      </div>

      {wide && (
        <aside className={styles.aside}>
          <ShortTable account={player?.account} matches={matches} />
        </aside>
      )}

      <Sending
        pool={pool.id}
        account={player?.account}
        openings={here.openings}
        open={here.tippable}
        ready={here.ready}
        waiting={here.waiting}
        missed={here.missed}
        sending={sending}
        bar={bar}
      />
      <Done
        sent={here.ready > 0 ? undefined : sending.data?.sent}
        tips={tips}
        untipped={here.tippable.filter((on) => !isTipped(on))}
        written={player?.written !== false}
      />
    </div>
  );
}
