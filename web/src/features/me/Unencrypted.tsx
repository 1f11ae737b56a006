import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import type { Player } from "../../keys/player";
import { PassphraseSheet } from "./Passphrase";

/** On a page without encryption: in which network its address is safe, and what keeps the key from others elsewhere. */
export function Unencrypted({ pool, player, host }: { pool: string; player: Player; host: string }) {
  const [open, setOpen] = useState(false);
  return (
    <Notice look="soon">
      <p>
        <strong>
          <Trans>Only in this Wi-Fi, not encrypted.</Trans>
        </strong>{" "}
        <Trans>
          In another network, {host} can be somebody else’s computer, and its page could read the key that this browser
          keeps. Ask the host for a link with https://.
        </Trans>
      </p>
      {!player.locked && (
        <>
          <Button wide onPress={() => setOpen(true)}>
            <Trans>Lock your key with a passphrase</Trans>
          </Button>
          <PassphraseSheet pool={pool} player={player} open={open} close={() => setOpen(false)} />
        </>
      )}
    </Notice>
  );
}
