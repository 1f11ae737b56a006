import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { inHost } from "../../device/address";
import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import { forget } from "../../keys/forget";
import type { Player } from "../../keys/player";
import { Row } from "./Row";

/** Takes the keys off this device. */
export function Leave({ pool, player }: { pool: string; player: Player }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Row name={<Trans>Leave this device</Trans>} press={() => setOpen(true)} />
      <Sheet title={<Trans>Leave this device?</Trans>} open={open} close={() => setOpen(false)}>
        <p>
          <Trans>Leaving removes your key from this device. You stay in the pool, and your tips stay too.</Trans>
        </p>
        {player.written ? (
          <p>
            <Trans>Your 24 words bring you back, here or on another device.</Trans>
          </p>
        ) : (
          <Notice look="bad">
            <Trans>
              You haven’t written down your 24 words. Without them you can never play as yourself again, and hidden tips
              waiting here are lost.
            </Trans>
          </Notice>
        )}
        <Button
          look="danger"
          wide
          onPress={() => {
            // The page is loaded anew: what it has read of the player's is in its memory.
            void forget(pool).finally(() => location.assign(inHost("/")));
          }}
        >
          {player.written ? <Trans>Leave</Trans> : <Trans>Leave without the words</Trans>}
        </Button>
        <Button wide onPress={() => setOpen(false)}>
          <Trans>Stay</Trans>
        </Button>
      </Sheet>
    </>
  );
}
