import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";

import { buttonClass } from "../../design/Button";
import { CrossIcon } from "../../design/icons";
import { Notice } from "../../design/Notice";
import { kept } from "../../device/kept";
import { forgetsUnseen, useForgetful, type Player } from "../../keys/player";
import { useJoined } from "../../node/queries";
import { Link } from "../../route";
import styles from "./Reminder.module.css";
import { Unopened } from "./Unopened";

const DAY_MS = 86_400_000;

/** A player who taps the words away is reminded again after so long. */
const LATER_MS = forgetsUnseen(navigator.userAgent) ? DAY_MS : 7 * DAY_MS;

/** A line that says to write the 24 words down, until they are. */
function Words({ pool }: { pool: string }) {
  const { t } = useLingui();
  const later = kept(`bolao.words-later.${pool}`);
  const [hidden, setHidden] = useState(() => Number(later.read() ?? 0) > Date.now());
  if (hidden) return null;
  return (
    <div className={styles.words}>
      <p>
        <Link to="/me" hash="words">
          <Trans>Write down your 24 words.</Trans>
        </Link>{" "}
        {forgetsUnseen(navigator.userAgent) ? (
          <Trans>They bring you back: this browser deletes your key if you don’t visit for a week.</Trans>
        ) : (
          <Trans>They bring you back if you lose this device.</Trans>
        )}
      </p>
      <button
        type="button"
        aria-label={t`Remind me later`}
        onClick={() => {
          later.write(String(Date.now() + LATER_MS));
          setHidden(true);
        }}
      >
        <CrossIcon size={20} />
      </button>
    </div>
  );
}

/** What should not be forgotten: the words, once there is something to lose. */
export function Reminder({ pool, player, tipped }: { pool: string; player: Player; tipped: boolean }) {
  const joined = useJoined(player.account) === true;
  const forgetful = useForgetful();
  // Whoever confirms the first ones now is told by the bar that says so: nothing comes in above what is looked at.
  const [before] = useState(tipped);
  return (
    <>
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
        !player.written && before && <Words pool={pool} />
      )}
    </>
  );
}
