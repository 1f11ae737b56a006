import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";

import { Button } from "../design/Button";
import { CrossIcon } from "../design/icons";
import { matchName } from "../design/teams";
import { useCalm } from "../device/calm";
import { useHasSeen } from "../device/seen";
import { useDrafts } from "../identity/drafts/drafts";
import { useOwnTips } from "../identity/drafts/ownTips";
import { usePlayerHere } from "../keys/player";
import { nodeTime, usePassed } from "../node/clock";
import type { Shapes } from "../node/client";
import { matchesOptions, poolOptions } from "../node/queries";
import { seconds } from "../words/time";
import styles from "./KickOffWatch.module.css";

type Match = Shapes["MatchBody"];

/** The show opens so long before the kick-off, and is offered for so long after it. */
const BEFORE_S = 10;
const AFTER_S = 60;

/** Where people look at matches, and a kick-off may take them along. */
const LOOKING = /^\/$|^\/match\/[^/]+$/;

const startsOf = ({ kickoff, status, postponed }: Match): number[] =>
  kickoff == null || postponed || !["scheduled", "closed"].includes(status) ? [] : [seconds(kickoff)];

/** Whether the player is in the middle of something: no page is turned under a finger that types. */
function isBusy(): boolean {
  const at = document.activeElement;
  return (
    at instanceof HTMLInputElement ||
    at instanceof HTMLTextAreaElement ||
    [...document.querySelectorAll("dialog")].some(({ open }) => open)
  );
}

/** Offers the show of a match that kicks off, or opens it for whoever just looks. */
function Offer({
  match,
  kickoff_s,
  calm,
  close,
}: {
  match: Match;
  kickoff_s: number;
  calm: boolean;
  close: () => void;
}) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const name = matchName(match);
  const { code } = match;
  const open = useEffectEvent(() => {
    close();
    void navigate({ to: "/match/$code/show", params: { code } });
  });
  useEffect(() => {
    const late = kickoff_s * 1000 <= nodeTime();
    if (calm || late || isBusy() || document.visibilityState !== "visible") return;
    open();
  }, [calm, kickoff_s]);
  return (
    <div className={styles.offer} role="status">
      <Link to="/match/$code/show" params={{ code }} className={styles.watch}>
        <span>
          <Trans>
            <strong>{name}</strong> kicks off: watch
          </Trans>
        </span>
      </Link>
      <Button look="quiet" aria-label={t`Close`} onPress={close}>
        <CrossIcon size={20} />
      </Button>
    </div>
  );
}

interface Props {
  pool: string;
  account: string;
  matches: readonly Match[];
  closed: ReadonlySet<string>;
  close: (code: string) => void;
}

/** The match that kicks off about now, among those that the player has tipped. */
function Watch({ pool, account, matches, closed, close }: Props) {
  const { tips } = useOwnTips(pool, account);
  const drafts = useDrafts(pool).tips;
  const calm = useCalm();
  const saw = useHasSeen();
  const mine = matches.filter(({ code }) => tips.has(code) && !saw(code, "kickoff") && !closed.has(code));
  const last_s = usePassed(mine.flatMap(startsOf).flatMap((at_s) => [at_s - BEFORE_S, at_s + AFTER_S]));
  const now = mine.find((match) => startsOf(match).includes(last_s + BEFORE_S));
  if (now === undefined) return null;
  return (
    <Offer
      key={now.code}
      match={now}
      kickoff_s={last_s + BEFORE_S}
      calm={calm || Object.keys(drafts).length > 0}
      close={() => close(now.code)}
    />
  );
}

/** Takes whoever looks at matches to the show of the one that kicks off. `path`: where they are. */
export function KickOffWatch({ path }: { path: string }) {
  const { data: pool } = useQuery(poolOptions());
  const account = usePlayerHere(pool?.id ?? "")?.account;
  const looks = LOOKING.test(path) && pool !== undefined && account !== undefined;
  const { data: matches } = useQuery({ ...matchesOptions(), enabled: looks });
  // Each match is offered once, also to whoever comes back from its show.
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const close = (code: string): void => setClosed((before) => new Set([...before, code]));
  if (!looks || matches === undefined) return null;
  return <Watch pool={pool.id} {...{ account, matches, closed, close }} />;
}
