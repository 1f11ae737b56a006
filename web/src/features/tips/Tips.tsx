import { Plural, Trans } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { startTransition, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";

import { usePlayerCount } from "../../checking/state";
import { Button } from "../../design/Button";
import { Empty } from "../../design/Empty";
import { Failure } from "../../design/Failure";
import { Notice } from "../../design/Notice";
import { Skeleton } from "../../design/Skeleton";
import { Absent } from "../../identity/entry/Absent";
import { unkept, useDrafts, wantSent, whichOf } from "../../identity/drafts/drafts";
import { StaysLocked } from "../../keys/signer";
import { useOwnTips, type OwnTip } from "../../identity/drafts/ownTips";
import { usePlayerHere } from "../../keys/player";
import { Refusal } from "../../identity/sending/Refusal";
import { isOpen, sendable, sendTips } from "../../identity/sending/sendTips";
import { openedOptions, useFixed } from "../../keys/useOpened";
import { nodeTime, useNow, usePassed } from "../../node/clock";
import { useNear } from "../../node/events";
import type { Shapes } from "../../node/client";
import { useMatches, useOpenings, usePool } from "../../node/queries";
import { standing } from "../../node/record";
import { useSoon } from "../../device/soon";
import { useStore } from "../../device/store";
import { dayName, seconds } from "../../words/time";
import { byDays, timeOf, type Day } from "./days";
import { ClosedRow, OpenRow } from "./Row";
import { Late } from "./Late";
import { Before, Opens } from "./Opens";
import { Reminder, Standing } from "./Standing";
import styles from "./Tips.module.css";
import { useFresh } from "./useFresh";
import { useInSight } from "./useInSight";

/** Closed matches of so long ago are folded away. */
const RECENT_S = 36 * 3600;

const NOTHING = new Map<string, OwnTip>();

function DayHead({ day, open }: { day: Day; open: number }) {
  const now_s = useNow(60);
  return (
    <h2 className={styles.day}>
      <span>{day.at_s === null ? <Trans>No date yet</Trans> : dayName(day.at_s, now_s)}</span>
      {open > 0 && (
        <small>
          <Plural value={open} one="# open" other="# open" />
        </small>
      )}
    </h2>
  );
}

/** How often what waits is tried again while the node seems to be there. */
const AGAIN_MS = 5_000;

/** Sends what waits as soon as the node answers again. */
function useSendLater(wanted: boolean, send: () => void): void {
  const near = useNear();
  const again = useEffectEvent(send);
  useEffect(() => {
    if (!wanted || near === false) return;
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [wanted, near]);
  // At once when it comes back; while it is being sent for the first time there is nothing to repeat.
  const before = useRef(near);
  useEffect(() => {
    const back = before.current === false && near === true;
    before.current = near;
    if (wanted && back) again();
  }, [wanted, near]);
}

/** When a match changes its place on this page. */
const turnsOf = (match: Shapes["MatchBody"]): number[] => {
  const at_s = timeOf(match);
  return [...(match.deadline == null ? [] : [seconds(match.deadline)]), ...(at_s === null ? [] : [at_s + RECENT_S])];
};

/** Matches that are drawn at once: more than a screen shows. */
const FIRST = 10;
const MORE = 20;
let allDrawn = false;

/** How many of so many matches are drawn by now. Whoever comes back finds all of them, where they were. */
function useDrawn(count: number): number {
  const [drawn, setDrawn] = useState(allDrawn ? Infinity : FIRST);
  useEffect(() => {
    if (drawn < count) startTransition(() => setDrawn(drawn + MORE));
    else if (count > 0) allDrawn = true;
  }, [drawn, count]);
  return drawn;
}

/** The first so many matches, by days. */
function* firstOf(days: Day[], count: number): Generator<{ day: Day; shown: Day["matches"] }> {
  let left = count;
  for (const day of days) {
    if (left <= 0) return;
    yield { day, shown: day.matches.slice(0, left) };
    left -= day.matches.length;
  }
}

/** The home of players: what is coming, and their tips on it. */
export function Tips() {
  const pool = usePool();
  const players = usePlayerCount(pool.totals.players);
  const player = usePlayerHere(pool.id);
  const fixed = useFixed();
  const matches = useMatches();
  const own = useOwnTips(pool.id, player?.account);
  const drawn = useSoon(matches.data !== undefined && own.ready);
  const drafts = useDrafts(pool.id);
  const { bar, presses } = useInSight(drafts);
  const turns = useMemo(() => (matches.data ?? []).flatMap(turnsOf), [matches.data]);
  const now_s = usePassed(turns);
  const openings = useOpenings(fixed.bets === "sealed" ? player?.account : undefined).data;
  const [older, setOlder] = useState(false);
  const lost = useStore(unkept);
  const fresh = useFresh(own.ready ? own.tips : NOTHING);
  const rules = useQuery({ ...openedOptions(pool.id), enabled: player !== undefined });
  const sending = useMutation({
    mutationFn: (ask: boolean) => sendTips(pool, matches.data ?? [], Math.floor(nodeTime() / 1000), ask),
  });
  useSendLater(drafts.wanted && matches.data !== undefined, () => {
    if (!sending.isPending) sending.mutate(false);
  });

  const rows = useDrawn(drawn ? (matches.data?.length ?? 0) : 0);
  const account = player?.account;
  const { tips } = own;
  const opens = useMemo(() => {
    if (openings === undefined || account === undefined) return undefined;
    const seals = new Map(openings.seals.map((seal) => [seal.commitment, seal]));
    return new Map(
      [...tips].flatMap(([code, { commitment }]) => {
        const seal = commitment === undefined ? undefined : seals.get(commitment);
        return seal === undefined ? [] : [[code, <Opens seal={seal} openings={openings} account={account} />]];
      }),
    );
  }, [openings, account, tips]);

  if (matches.error !== null) return <Failure error={matches.error} again={() => void matches.refetch()} />;
  if (own.error !== null) return <Failure error={own.error} />;
  if (matches.data === undefined || !own.ready || !drawn) return <Skeleton rows={5} height={148} />;

  const open = matches.data.filter((match) => isOpen(match, now_s));
  const closed = matches.data.filter((match) => !isOpen(match, now_s));
  const recent = closed.filter((match) => standing(match) === undefined || (timeOf(match) ?? 0) > now_s - RECENT_S);
  const ready = sendable(pool.id, matches.data, now_s).length;
  const locked = sending.error instanceof StaysLocked;
  const common = {
    pool: pool.id,
    plays: player !== undefined,
    limits: rules.data?.pool,
    locked: own.locked,
    lift: own.lift,
    players,
  };
  const untipped = (some: typeof open) => some.filter(({ code }) => !own.tips.has(code)).length;

  return (
    <div className={styles.tips} {...presses}>
      <header className={styles.head}>
        <h1>{fixed.name}</h1>
        {player === undefined && <Absent pool={pool.id} />}
      </header>

      {player !== undefined && (
        <>
          <aside className={styles.standing}>
            <Standing pool={pool.id} player={player} />
          </aside>
          <div className={styles.reminder}>
            <Reminder pool={pool.id} player={player} tipped={own.tips.size > 0} />
          </div>
        </>
      )}

      <div className={styles.days}>
        {closed.length > 0 && (
          <section className={styles.section}>
            {recent.length > 0 && (
              <h2 className={styles.day}>
                <Trans>Under way and played</Trans>
              </h2>
            )}
            {closed.length > recent.length && (
              <Button look="quiet" onPress={() => setOlder(!older)} aria-expanded={older}>
                {older ? (
                  <Trans>Fold the older ones</Trans>
                ) : (
                  <Plural value={closed.length - recent.length} one="# older match" other="# older matches" />
                )}
              </Button>
            )}
            <ul className={styles.rows}>
              {byDays(older ? closed : recent).flatMap((day) =>
                day.matches.map((match) => (
                  <ClosedRow
                    key={match.code}
                    match={match}
                    tip={own.tips.get(match.code)}
                    draft={drafts.tips[whichOf(match)]}
                    lift={common.lift}
                  />
                )),
              )}
            </ul>
          </section>
        )}
        {Array.from(firstOf(byDays(open), rows), ({ day, shown }) => (
          <section key={day.key} className={styles.section}>
            <DayHead day={day} open={player === undefined ? 0 : untipped(day.matches)} />
            <ul className={styles.rows}>
              {shown.map((match) => (
                <OpenRow
                  key={match.code}
                  {...common}
                  match={match}
                  tip={own.tips.get(match.code)}
                  draft={drafts.tips[whichOf(match)]}
                  fresh={fresh.has(match.code)}
                  opens={opens?.get(match.code)}
                />
              ))}
            </ul>
          </section>
        ))}
        {matches.data.length === 0 && (
          <Empty title={<Trans>No matches yet</Trans>}>
            <Trans>They stand here as soon as an organiser has entered them.</Trans>
          </Empty>
        )}
      </div>

      {(ready > 0 || sending.isError || (sending.data?.late.length ?? 0) > 0) && (
        <div className={styles.bar} ref={bar}>
          {lost && ready > 0 && (
            <Notice look="bad">
              <Trans>This browser keeps nothing more: what is not sent is gone when you close this page.</Trans>
            </Notice>
          )}
          <Refusal error={drafts.wanted ? null : sending.error} />
          {sending.data !== undefined && sending.data.late.length > 0 && <Late {...sending.data} open={open} />}
          {ready > 0 && openings !== undefined && player !== undefined && (
            <Before pool={pool.id} openings={openings} account={player.account} />
          )}
          {locked && ready > 0 && (
            <Notice look="soon">
              <Trans>Your key is locked: your tips wait on this device.</Trans>
            </Notice>
          )}
          {drafts.wanted ? (
            <Notice look="soon">
              <Trans>
                The pool’s computer does not answer. Your tips wait on this device and are sent as soon as it does, if
                betting is still open then. Leave this page open.
              </Trans>
              <Button onPress={() => wantSent(pool.id, false)}>
                <Trans>Do not send them by themselves</Trans>
              </Button>
            </Notice>
          ) : (
            ready > 0 && (
              <Button look="main" wide isDisabled={sending.isPending} onPress={() => sending.mutate(true)}>
                {sending.isPending ? (
                  <Trans>Sending</Trans>
                ) : locked ? (
                  <Plural value={ready} one="Unlock, and send # tip" other="Unlock, and send # tips" />
                ) : (
                  <Plural value={ready} one="Send # tip" other="Send # tips" />
                )}
              </Button>
            )
          )}
        </div>
      )}
    </div>
  );
}
