import { Trans } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { Sheet } from "../../design/Sheet";
import { holds } from "../../identity/hand";
import { keepPlayer, type Player } from "../../identity/player";
import { load } from "../../rules";
import styles from "./Me.module.css";

/** Takes the keys off this device. */
export function Leave({ pool, player }: { pool: string; player: Player }) {
  const [open, setOpen] = useState(false);
  const navigate = useNavigate();
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
            holds(undefined);
            void load().then((rules) => rules.forgetKeys());
            keepPlayer(pool, undefined);
            void navigate({ to: "/" });
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
