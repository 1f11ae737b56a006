import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useEffect, useState } from "react";

import { lineOf } from "../../checking/line";
import { useAsked } from "../../checking/useAsked";
import { Button, buttonClass } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Skeleton } from "../../design/Skeleton";
import { forgetInvitation } from "../../keys/brought";
import { useLost } from "../../identity/entry/useLost";
import { forgetsUnseen, useForgetful, type Player } from "../../keys/player";
import { useFixed } from "../../keys/useOpened";
import { useJoined, usePlayer } from "../../node/queries";
import { kept } from "../../device/kept";
import styles from "./Standing.module.css";
import { Unopened } from "./Unopened";

/** As high as the facts. */
const FACTS_PX = 71;

const DAY_MS = 86_400_000;

/** Whoever puts the words off is reminded again after so long. */
const LATER_MS = forgetsUnseen(navigator.userAgent) ? DAY_MS : 7 * DAY_MS;

function Words() {
  const later = kept("bolao.words.later");
  const [hidden, setHidden] = useState(() => Number(later.read() ?? 0) > Date.now());
  if (hidden) return null;
  return (
    <Notice look="soon">
      <p>
        <Trans>
          <strong>Write your key’s 24 words down</strong>: they bring you back if this device is lost.
        </Trans>
        {forgetsUnseen(navigator.userAgent) && (
          <>
            {" "}
            <Trans>This browser forgets a page, and your key with it, if you do not come by for a week.</Trans>
          </>
        )}
      </p>
      <p className={styles.ways}>
        <Link to="/me" hash="words" className={buttonClass()}>
          <Trans>Write them down</Trans>
        </Link>
        <Button
          look="quiet"
          onPress={() => {
            later.write(String(Date.now() + LATER_MS));
            setHidden(true);
          }}
        >
          <Trans>Later</Trans>
        </Button>
      </p>
    </Notice>
  );
}

/** Where one stands oneself. */
export function Standing({ pool, player }: { pool: string; player: Player }) {
  const { i18n } = useLingui();
  const { starting_chips } = useFixed();
  const joined = useJoined(player.account);
  const page = usePlayer(joined === true ? player.account : undefined);
  const lost = useLost(player);
  const absent = joined === false;
  useEffect(() => {
    if (joined === true) forgetInvitation(pool);
  }, [joined, pool]);
  const data = page.data;
  const players = data?.players ?? 0;
  useAsked(data === undefined ? undefined : "own line", (fresh) => lineOf(player.account, fresh));
  return (
    <div className={styles.standing}>
      {absent && (
        <Notice>
          {lost ? (
            <>
              <Trans>The pool does not know you: your joining was lost on the way. Open the invitation again.</Trans>
              <Link to="/join" className={buttonClass()}>
                <Trans>Join again</Trans>
              </Link>
            </>
          ) : (
            <Trans>Your name is on its way into the book. You can tip already.</Trans>
          )}
        </Notice>
      )}
      {page.isPending && !absent && <Skeleton height={FACTS_PX} />}
      {data !== undefined && (
        <dl className={styles.facts}>
          <div>
            <dt>
              <Trans>Place</Trans>
            </dt>
            <dd>
              {data.standing.place}
              <small>
                <Trans>of {players}</Trans>
              </small>
            </dd>
          </div>
          <div>
            <dt>
              <Trans>Points</Trans>
            </dt>
            <dd>{data.standing.points}</dd>
          </div>
          {starting_chips > 0 && (
            <div>
              <dt>
                <Trans>Chips</Trans>
              </dt>
              <dd>{i18n.number(data.chips)}</dd>
            </div>
          )}
        </dl>
      )}
    </div>
  );
}

/** What should not be forgotten: the words, once there is something to lose. `tipped` is known before anything is drawn: nothing moves. */
export function Reminder({ pool, player, tipped }: { pool: string; player: Player; tipped: boolean }) {
  const joined = useJoined(player.account) === true;
  const forgetful = useForgetful();
  return (
    <div className={styles.standing}>
      {joined && <Unopened pool={pool} account={player.account} />}
      {forgetful ? (
        <Notice look="bad">
          <Trans>
            This window keeps nothing: your key is gone when you close it. Write the words down now, or open the link in
            an ordinary window.
          </Trans>
          <Link to="/me" hash="words" className={buttonClass()}>
            <Trans>Write them down</Trans>
          </Link>
        </Notice>
      ) : (
        !player.written && tipped && <Words />
      )}
    </div>
  );
}
