import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { inHost } from "../../device/address";
import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import { forget } from "../../keys/forget";
import { useJoinedPools } from "../../keys/joined";
import type { Player } from "../../keys/player";
import { listOf } from "../../words/Names";
import { Row } from "./Row";

/** Takes the keys off this device. */
export function Leave({ pool, player }: { pool: string; player: Player }) {
  const [open, setOpen] = useState(false);
  const same = useJoinedPools(pool).filter((other) => other.pool !== pool && other.player.account === player.account);
  const others = listOf(same.map(({ name }) => name));
  return (
    <>
      <Row name={<Trans>Leave this device</Trans>} press={() => setOpen(true)} />
      <Sheet title={<Trans>Leave this device?</Trans>} open={open} close={() => setOpen(false)}>
        <p>
          {same.length > 0 ? (
            <Trans>
              Leaving takes you out of this pool on this device. You stay in the pool, your tips stay too, and your key
              stays here for {others}.
            </Trans>
          ) : (
            <Trans>Leaving removes your key from this device. You stay in the pool, and your tips stay too.</Trans>
          )}
        </p>
        {player.written ? (
          <p>
            <Trans>Your 24 words bring you back, here or on another device.</Trans>
          </p>
        ) : same.length > 0 ? null : (
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
          {player.written || same.length > 0 ? <Trans>Leave</Trans> : <Trans>Leave without the words</Trans>}
        </Button>
        <Button wide onPress={() => setOpen(false)}>
          <Trans>Stay</Trans>
        </Button>
      </Sheet>
    </>
  );
}
