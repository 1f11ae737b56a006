import { Trans } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { shortened } from "../node/reach";
import { useAddress } from "../checking/state";
import styles from "../design/Banner.module.css";
import { Button } from "../design/Button";
import { Host } from "../design/Host";
import { Sheet } from "../design/Sheet";
import { kept, nameHere } from "../device/kept";
import { isOnTheWay, useSent } from "../identity/sending/follow";
import { forgets, leaveFor } from "../keys/moving";
import { useForgetful, usePlayerHere } from "../keys/player";
import { poolOptions } from "../node/queries";

/** The address that a player does not want to go to. */
const declined = kept(nameHere("bolao.elsewhere"));

/** Whether an address is on this host, whose pages all know who plays: nobody has to be taken there. */
const isHere = (to: string): boolean => URL.canParse(to) && new URL(to).origin === location.origin;

/** Tells whoever plays at another address that organisers have signed the pool's, and takes the player there. */
export function Elsewhere() {
  const pool = useQuery(poolOptions()).data?.id ?? "";
  const player = usePlayerHere(pool);
  const to = useAddress(pool);
  const forgetful = useForgetful();
  const [stays, setStays] = useState(declined.read());
  const [asked, setAsked] = useState(false);
  const offers = player !== undefined && to !== undefined && !isHere(to) && to !== stays && !forgetful;
  const { data: sent } = useSent(pool, offers ? player.account : undefined);
  // What the book does not have yet is sent again from here.
  if (!offers || sent?.some(isOnTheWay) === true) return null;
  const there = shortened(to);
  return (
    <div className={styles.offer}>
      <p>
        <Trans>
          <strong>Your pool now has a link that works anywhere.</strong> Take your player with you.
        </Trans>
      </p>
      <div className={styles.choices}>
        <Button onPress={() => setAsked(true)}>
          <Trans>Go to {there}</Trans>
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
      <Sheet title={<Trans>Take your player to</Trans>} open={asked} close={() => setAsked(false)}>
        <Host of={to} />
        <p>
          <Trans>
            Your pool’s organisers have signed this address. Its page will hold your key: the person who runs it could
            take it.
          </Trans>{" "}
          {!forgets(location.origin) ? (
            <Trans>
              Your key is copied there inside this browser. To delete it here, come back and choose “Leave this device”
              under More.
            </Trans>
          ) : player.locked ? (
            <Trans>
              Your key moves there inside this browser, still locked. Enter your passphrase there, and it is deleted
              here. Send your tips first: what isn’t sent doesn’t move.
            </Trans>
          ) : (
            <Trans>
              Your key moves there inside this browser, and is deleted here once it has arrived. Send your tips first:
              what isn’t sent doesn’t move.
            </Trans>
          )}
        </p>
        <Button look="main" wide onPress={() => location.assign(leaveFor(to, { pool, player }))}>
          <Trans>Move me there</Trans>
        </Button>
      </Sheet>
    </div>
  );
}
