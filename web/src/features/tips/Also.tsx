import { Plural, Trans } from "@lingui/react/macro";
import { useQueries } from "@tanstack/react-query";
import { useEffect, useImperativeHandle, useState, type Ref } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { useStore } from "../../device/store";
import { choose, chosenIn } from "../../identity/also/chosen";
import { matchOf, planOf, type Wanted } from "../../identity/also/same";
import { alsoKey, type Outcome, outcomes, sendAlso, tell } from "../../identity/also/sendAlso";
import { look, openTips } from "../../identity/also/there";
import { useDrafts, whichOf } from "../../identity/drafts/drafts";
import { Refusal } from "../../identity/sending/Refusal";
import { sendable } from "../../identity/sending/sendTips";
import type { Tippable } from "../../identity/tippable";
import type { Joined } from "../../keys/joined";
import { StaysLocked } from "../../keys/signer";
import { nodeTime } from "../../node/clock";
import { useMatches } from "../../node/queries";
import styles from "./Sending.module.css";

/** What was looked up of another pool is good for so long. */
const FRESH_MS = 60_000;
/** That all went well is said for so long. */
const STAYS_MS = 6_000;

/** What is about to be sent, as other pools may have it. */
function useWanted(pool: string, open: readonly Tippable[]): Wanted[] {
  useDrafts(pool);
  const { data: matches = [] } = useMatches();
  const known = new Map(matches.map((match) => [whichOf(match), matchOf(match)]));
  return sendable(pool, [...open], 0).map(({ on, draft: { home, away } }) => ({
    match: known.get(on.which),
    home,
    away,
  }));
}

const OTHER = ["other-pool", "bad-genesis"];

function Failed({ name, error }: { name: string; error: Error }) {
  if (error instanceof StaysLocked) return <Trans>Your key for {name} is locked: nothing was sent there.</Trans>;
  if (error instanceof TypeError) return <Trans>Can’t reach {name}.</Trans>;
  if ("code" in error && OTHER.includes(String(error.code)))
    return <Trans>A different pool is now where {name} was: nothing was sent there.</Trans>;
  return (
    <>
      <Trans>{name} didn’t take your tips.</Trans>
      <Refusal error={error} />
    </>
  );
}

function Sent({ name, sent, same, all }: { name: string; sent: number; same: number; all: number }) {
  if (sent === all) return <Plural value={sent} one={`${name}: # tip sent`} other={`${name}: # tips sent`} />;
  if (sent > 0)
    return (
      <Trans>
        {name}: {sent} of {all} tips sent
      </Trans>
    );
  return same > 0 ? (
    <Trans>{name}: your tips there are the same already</Trans>
  ) : (
    <Trans>{name}: these matches have closed there</Trans>
  );
}

/** What became of it in another pool. */
function Said({ own, one, outcome }: { own: string; one: Joined; outcome: Outcome }) {
  const { pool, name } = one;
  useEffect(() => {
    if (outcome.is !== "sent") return undefined;
    const timer = setTimeout(() => tell(pool, undefined), STAYS_MS);
    return () => clearTimeout(timer);
  }, [pool, outcome]);
  switch (outcome.is) {
    case "sending":
      return (
        <p className={styles.also} role="status">
          <Trans>Sending to {name} …</Trans>
        </p>
      );
    case "sent":
      return (
        <p className={styles.also} role="status">
          <Sent name={name} {...outcome} />
        </p>
      );
    case "failed":
      return (
        <Notice look="bad">
          <div>
            <Failed name={name} error={outcome.error} />
          </div>
          <Button onPress={() => void sendAlso(own, [one], outcome.wanted)}>
            <Trans>Try again</Trans>
          </Button>
          <Button look="quiet" onPress={() => tell(pool, undefined)}>
            <Trans>Close</Trans>
          </Button>
        </Notice>
      );
  }
}

interface Props {
  pool: string;
  /** The other pools that this device has joined here. */
  others: readonly Joined[];
  /** What takes tips. */
  open: readonly Tippable[];
  /** Sends to those that are chosen what is written now. */
  send: Ref<() => void>;
}

/** To which other pools that have the same matches tips go as well, and what became of them there. */
export default function Also({ pool, others, open, send }: Props) {
  const [chosen, setChosen] = useState(() => chosenIn(pool));
  const said = useStore(outcomes);
  const wanted = useWanted(pool, open);
  const looks = useQueries({
    queries: others.map((one) => ({
      queryKey: alsoKey(one.pool),
      queryFn: () => look(one),
      enabled: wanted.length > 0,
      staleTime: FRESH_MS,
      retry: false,
    })),
  });
  const now_s = nodeTime() / 1000;
  const ways = others.map((one, at) => {
    const there = looks[at]?.data;
    const on = chosen.includes(one.pool);
    const count = there && planOf(wanted, there.matches, openTips(there), now_s).send.length;
    return { one, on, count, shown: wanted.length > 0 && (count === undefined ? on && looks[at]?.isError : count > 0) };
  });
  useImperativeHandle(send, () => () => {
    // Those of which nothing is known yet are asked as it is sent.
    const goes = ways.filter(({ on, count }) => on && count !== 0).map(({ one }) => one);
    if (goes.length > 0 && wanted.length > 0) void sendAlso(pool, goes, wanted);
  });
  return (
    <>
      {others.map((one) => {
        const outcome = said.get(one.pool);
        return outcome && <Said key={one.pool} own={pool} one={one} outcome={outcome} />;
      })}
      {ways.map(({ one: { pool: other, name }, on, count, shown }) => {
        if (shown !== true || said.get(other)?.is === "sending") return null;
        const all = wanted.length;
        return (
          <label key={other} className={styles.also}>
            <span>
              <Trans>
                Also in <strong>{name}</strong>
              </Trans>
              {count !== undefined && count < all && (
                <small>
                  <Trans>
                    {count} of {all} tips
                  </Trans>
                </small>
              )}
            </span>
            <input
              type="checkbox"
              role="switch"
              checked={on}
              onChange={({ target }) => setChosen(choose(pool, other, target.checked))}
            />
          </label>
        );
      })}
    </>
  );
}
