import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";

import { According } from "../design/According";
import { queries, type Shapes } from "../node/client";
import { useNow } from "../node/clock";
import { attendanceOptions, poolOptions, useStatus } from "../node/queries";
import { Names } from "../words/Names";
import { distance, seconds, span } from "../words/time";
import styles from "../design/Banner.module.css";

type Players = Shapes["WaitsBody"]["away"];

/** Why validators who are there do not decide. */
function Disagreement({ missing, against }: { missing: Players; against: Players }) {
  if (missing.length === 0 && against.length === 0)
    return <Trans>Enough validators are online, but not all votes arrive.</Trans>;
  return (
    <>
      <Trans>Enough validators are online.</Trans>{" "}
      {missing.length > 0 && (
        <Trans>
          Nothing arrives from <Names players={missing} />.
        </Trans>
      )}{" "}
      {against.length > 0 && (
        <Trans>
          Against this block: <Names players={against} />. Is someone’s clock wrong?
        </Trans>
      )}
    </>
  );
}

/** For whom keepers wait, as the node has heard. */
function Why({ waits }: { waits: Shapes["WaitsBody"] }) {
  const { away, validators: all } = waits;
  const count = away.length;
  const twice = waits.twice ?? [];
  if (waits.copied === true)
    return (
      <Trans>
        Another computer is using the key of this pool’s computer, so this one has stopped voting. Stop one of the two,
        then restart the other.
      </Trans>
    );
  if (twice.length > 0)
    return (
      <Trans>
        The key of <Names players={twice} /> signed two different votes. Either it runs on two computers, or someone is
        cheating. With two computers, stop one and restart the other.
      </Trans>
    );
  if (waits.disagree === true) return <Disagreement missing={waits.missing ?? []} against={waits.against ?? []} />;
  if (count === 0) return <Trans>The pool’s computer hasn’t heard from any validator yet.</Trans>;
  return (
    <>
      <Trans>
        It is waiting for the computer of <Names players={away} />.
      </Trans>
      {all > 1 && (
        <>
          {" "}
          <Trans>
            {count} of {all} validators are offline.
          </Trans>
        </>
      )}
    </>
  );
}

/** What players' devices say of that clock, and lists on the web. */
function Witnesses({ doubt }: { doubt: Shapes["ClockDoubt"] }) {
  return (
    <>
      {doubt.synchronised === true && <Trans>Its network agrees.</Trans>}
      {doubt.synchronised === false && <Trans>No network sets it.</Trans>}{" "}
      {doubt.dates === "agrees" && <Trans>Lists on the web agree.</Trans>}
      {doubt.dates === "contradicts" && <Trans>Lists on the web show another time.</Trans>}
      {doubt.dates === "silent" && <Trans>No list on the web was read.</Trans>}{" "}
      {doubt.players === "agrees" && <Trans>Players’ devices agree.</Trans>}
      {doubt.players === "contradicts" && <Trans>Players’ devices show another time.</Trans>}
      {doubt.players === "silent" && (
        <Trans>No player’s device has told the time: opening this page on a player’s phone is enough.</Trans>
      )}
    </>
  );
}

/** What contradicts the clock of the pool's computer, which decides alone, or what is missing to confirm it. */
function Doubt({ doubt }: { doubt: Shapes["ClockDoubt"] }) {
  const by = span(Math.abs(doubt.ahead_s));
  if (doubt.cause === "last_block")
    return <Trans>The clock of the pool’s computer is {by} behind its own last block.</Trans>;
  if (doubt.cause === "unconfirmed")
    return (
      <Trans>
        The clock of the pool’s computer is {by} ahead of its last block, and too little shows that it is right.
      </Trans>
    );
  if (doubt.cause === "betting_ends")
    return (
      <Trans>By the clock of the pool’s computer betting closed {by} ago, but too little shows that it is right.</Trans>
    );
  return doubt.ahead_s > 0 ? (
    <Trans>The clock of the pool’s computer is {by} ahead of other clocks.</Trans>
  ) : (
    <Trans>The clock of the pool’s computer is {by} behind other clocks.</Trans>
  );
}

function Since({ since }: { since: string }) {
  const time = distance(useNow() - seconds(since));
  return (
    <p aria-live="off">
      <Trans>Waiting {time}.</Trans>
    </p>
  );
}

/** Says for whom the book waits, or for what, for as long as it does. */
export function Standstill() {
  const votes = useQuery(poolOptions()).data?.consensus;
  const status = useStatus(votes !== undefined && votes !== "pow").data;
  const waits = status?.waits;
  const doubt = status?.sync.clock_doubt;
  const still = waits != null || doubt != null;
  const silent = waits?.away.map(({ account }) => account).join();
  useEffect(() => {
    if (silent !== undefined) void queries.invalidateQueries({ queryKey: attendanceOptions().queryKey });
  }, [silent]);
  return (
    <div role="status" aria-live="polite" className={still ? styles.away : undefined}>
      {still && (
        <According>
          <p>
            {votes === "hybrid" ? (
              <strong>
                <Trans>Nothing can be confirmed right now.</Trans>
              </strong>
            ) : (
              <strong>
                <Trans>Tips can’t be confirmed right now.</Trans>
              </strong>
            )}{" "}
            {doubt != null ? (
              <>
                <Doubt doubt={doubt} /> <Witnesses doubt={doubt} />{" "}
                <Trans>
                  The person who runs it can set the clock, or type “bolao clock trust” there if it is right.
                </Trans>
              </>
            ) : (
              waits != null && <Why waits={waits} />
            )}{" "}
            {votes === "hybrid" ? (
              <Trans>
                What you send still goes into a block, but until it is confirmed, the computers that mine most could
                remove it.
              </Trans>
            ) : (
              <Trans>
                What you send is kept and waits. A tip only counts if it is confirmed before its match closes.
              </Trans>
            )}
          </p>
          {waits != null && <Since since={waits.since} />}
        </According>
      )}
    </div>
  );
}
