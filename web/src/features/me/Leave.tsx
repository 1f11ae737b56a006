import { Trans } from "@lingui/react/macro";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import { forget } from "../../keys/forget";
import type { Player } from "../../keys/player";
import styles from "./Me.module.css";

/** Takes the keys off this device. */
export function Leave({ pool, player }: { pool: string; player: Player }) {
  const [open, setOpen] = useState(false);
  return (
    <section className={styles.section}>
      <h2>
        <Trans>This device</Trans>
      </h2>
      <p>
        <Trans>
          Leaving takes your key off this device. You stay in the pool, and what you sent stays in the book.
        </Trans>
      </p>
      <div>
        <Button look="danger" onPress={() => setOpen(true)}>
          <Trans>Leave this device</Trans>
        </Button>
      </div>
      <Sheet title={<Trans>Leave this device?</Trans>} open={open} close={() => setOpen(false)}>
        {player.written ? (
          <p>
            <Trans>Your words bring you back, here or elsewhere.</Trans>
          </p>
        ) : (
          <Notice look="bad">
            <Trans>
              You have not written your words down. Without them nobody can ever tip as you again, and sealed tips that
              wait here are lost.
            </Trans>
          </Notice>
        )}
        <Button
          look="danger"
          wide
          onPress={() => {
            // The page is loaded anew: what it has read of the player's is in its memory.
            void forget(pool).finally(() => location.assign("/"));
          }}
        >
          {player.written ? <Trans>Leave</Trans> : <Trans>Leave without the words</Trans>}
        </Button>
        <Button wide onPress={() => setOpen(false)}>
          <Trans>Stay</Trans>
        </Button>
      </Sheet>
    </section>
  );
}
