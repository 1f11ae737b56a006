import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";

import { Button } from "../design/Button";
import { CrossIcon } from "../design/icons";
import { matchName } from "../design/teams";
import { useCalm } from "../device/calm";
import { type Moment, offered, useHasSeen, useWasOffered } from "../device/seen";
import { useDrafts } from "../identity/drafts/drafts";
import { useOwnTips } from "../identity/drafts/ownTips";
import { usePlayerHere } from "../keys/player";
import { nodeTime, usePassed } from "../node/clock";
import type { Shapes } from "../node/client";
import { matchesOptions, poolOptions } from "../node/queries";
import { go, Link } from "../route";
import { film, inOrder, kickOffsOf, offerOf, type Scene, turnsOf } from "../sentences/film";
import { useEnds } from "../sentences/useEnds";
import styles from "./KickOffWatch.module.css";

type Match = Shapes["MatchBody"];

/** Where people look at matches, and a moment of one may take them along. */
const LOOKING: Record<Moment, RegExp> = {
  kickoff: /^\/$|^\/match\/[^/]+$/,
  fulltime: /^\/$|^\/(live|table)$|^\/match\/[^/]+$/,
};
const SHOW = /^\/match\/[^/]+\/show$/;

/** Whether the player is in the middle of something: no page is turned under a finger that types. */
function isBusy(): boolean {
  const at = document.activeElement;
  return (
    at instanceof HTMLInputElement ||
    at instanceof HTMLTextAreaElement ||
    [...document.querySelectorAll("dialog")].some(({ open }) => open)
  );
}

/** What there is to watch, in a line. */
function Says({ scene, count }: { scene: Scene; count: number }) {
  const name = matchName(scene.match);
  if (scene.is === "fulltime")
    return count > 1 ? (
      <Plural value={count} one="# match has finished" other="# matches have finished" />
    ) : (
      <Trans>
        Full time in <strong>{name}</strong>
      </Trans>
    );
  if (count > 1) return <Plural value={count} one="# match kicks off" other="# matches kick off" />;
  return (
    <Trans>
      <strong>{name}</strong> kicks off
    </Trans>
  );
}

/** Offers the show of what happens, or opens it for whoever just looks. */
function Offer({ scenes, first, calm }: { scenes: readonly Scene[]; first: Scene; calm: boolean }) {
  const { t } = useLingui();
  const { code } = first;
  const open = useEffectEvent(() => go({ to: "/match/:code/show", params: { code } }));
  const late_s = first.is === "kickoff" ? first.at_s : Infinity;
  useEffect(() => {
    const late = late_s * 1000 <= nodeTime();
    if (calm || late || isBusy() || document.visibilityState !== "visible") return;
    open();
  }, [calm, late_s]);
  return (
    <div className={styles.offer} role="status">
      <Link to="/match/:code/show" params={{ code }} className={styles.watch}>
        <span>
          <Says scene={first} count={scenes.length} />
        </span>{" "}
        <b>
          <Trans>Watch</Trans>
        </b>
      </Link>
      <Button look="quiet" aria-label={t`Close`} onPress={() => offered(scenes)}>
        <CrossIcon size={20} />
      </Button>
    </div>
  );
}

interface Props {
  pool: Shapes["PoolBody"];
  account: string;
  matches: readonly Match[];
  path: string;
}

/** The kick-offs about now of matches that the player has tipped, and the results that changed something for the player. */
function Watch({ pool: { id, totals }, account, matches, path }: Props) {
  const { tips } = useOwnTips(id, account);
  const drafts = useDrafts(id).tips;
  const calm = useCalm();
  const saw = useHasSeen();
  const asked = useWasOffered();
  const mine = matches.filter(({ no, code }) => tips.has(no) && !saw(code, "kickoff"));
  const now_s = usePassed(turnsOf(mine));
  const ends = useEnds({ id, account, players: totals.players, matches });
  const scenes = inOrder([...kickOffsOf(mine, now_s), ...ends]);
  const watches = SHOW.test(path);
  const play = useEffectEvent(() => {
    film.set(scenes);
    // Whoever watches one sees that another one follows.
    if (watches) offered(scenes);
  });
  const which = scenes.map(({ code, is }) => `${is} ${code}`).join();
  useEffect(() => play(), [which, watches]);

  const offer = watches
    ? []
    : offerOf(
        scenes.filter(({ code, is }) => LOOKING[is].test(path) && !asked(code, is)),
        now_s,
      );
  const [first] = offer;
  if (first === undefined) return null;
  return (
    <Offer
      key={`${first.is} ${first.code}`}
      scenes={offer}
      first={first}
      calm={calm || Object.keys(drafts).length > 0}
    />
  );
}

/** Takes whoever looks at matches to the show of what happens in them. `path`: where they are. */
export function KickOffWatch({ path }: { path: string }) {
  const { data: pool } = useQuery(poolOptions());
  const account = usePlayerHere(pool?.id ?? "")?.account;
  const looks =
    (SHOW.test(path) || Object.values(LOOKING).some((it) => it.test(path))) &&
    pool !== undefined &&
    account !== undefined;
  const { data: matches } = useQuery({ ...matchesOptions(), enabled: looks });
  if (!looks || matches === undefined) return null;
  return <Watch {...{ pool, account, matches, path }} />;
}
