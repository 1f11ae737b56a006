import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { Button } from "../design/Button";
import styles from "../design/Banner.module.css";
import { kept } from "../device/kept";
import { arrivalAt, elsewhere } from "../keys/moving";
import { usePlayerHere } from "../keys/player";
import { poolOptions, statusOptions } from "../node/queries";

/** The address that a player does not want to go to. */
const declined = kept("bolao.elsewhere");

/** Tells whoever plays at another address of the pool that its page has one on the web, and takes the player there. */
export function Elsewhere() {
  const pool = useQuery(poolOptions()).data?.id ?? "";
  const player = usePlayerHere(pool);
  const { data: status } = useQuery({ ...statusOptions(), enabled: player !== undefined });
  const [stays, setStays] = useState(declined.read());
  const to = elsewhere(status?.link, location.origin);
  if (player === undefined || to === undefined || to === stays) return null;
  const here = location.host;
  const there = new URL(to).host;
  return (
    <div className={styles.offer}>
      <p>
        <Trans>
          <strong>Your pool now has a link that works anywhere.</strong> Take your player with you: no computer sees
          your key.
        </Trans>
      </p>
      <div className={styles.choices}>
        <Button onPress={() => location.assign(arrivalAt(to, { pool, player }))}>
          <Trans>
            From {here} to {there}
          </Trans>
        </Button>
        <Button
          look="quiet"
          onPress={() => {
            declined.write(to);
            setStays(to);
          }}
        >
          <Trans>Stay here</Trans>
        </Button>
      </div>
    </div>
  );
}
