import { Trans } from "@lingui/react/macro";
import { useEffect } from "react";

import { buttonClass } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { useLost } from "../../identity/entry/useLost";
import { forgetInvitation } from "../../keys/brought";
import type { Player } from "../../keys/player";
import { useJoined } from "../../node/queries";
import { Link } from "../../route";

/** That a player is in no block yet, or never was. */
function NotIn({ player }: { player: Player }) {
  return useLost(player) ? (
    <Notice>
      <Trans>The pool doesn’t know you yet: your request to join got lost. Open the invitation again.</Trans>
      <Link to="/join" className={buttonClass()}>
        <Trans>Join again</Trans>
      </Link>
    </Notice>
  ) : (
    <Notice>
      <Trans>You’re being added to the pool. You can already tip.</Trans>
    </Notice>
  );
}

/** Says so for as long as no block holds a player's joining. */
export function Joining({ pool, player }: { pool: string; player: Player }) {
  const joined = useJoined(player.account);
  useEffect(() => {
    if (joined === true) forgetInvitation(pool);
  }, [joined, pool]);
  return joined === false ? <NotIn player={player} /> : null;
}
