import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { address } from "../../device/address";
import { Host } from "../../design/Host";
import { Qr } from "../../design/Qr";
import { Sheet } from "../../design/Sheet";
import { Skeleton } from "../../design/Skeleton";
import { Refusal } from "../../identity/sending/Refusal";
import { HELD_S, leaveWithNode, takeBack } from "../../keys/handover";
import type { Player } from "../../keys/player";
import { nodeTime, useLeft } from "../../node/clock";
import { useAddress } from "../../checking/state";
import { useStatus } from "../../node/queries";
import { isLocal, originFor } from "../../node/reach";
import { exactSpan } from "../../words/time";
import styles from "./Me.module.css";
import { Row } from "./Row";

/** The page's address as another device reaches it; `undefined` where only this computer does. */
function useOrigin(pool: string): string | undefined {
  const signed = useAddress(pool);
  const said = useStatus().data?.link.url ?? "";
  const origin = isLocal(address) ? originFor(signed, address, said) : address;
  return isLocal(origin) ? undefined : origin;
}

function Code({ link, until_s }: { link: string; until_s: number }) {
  const { t } = useLingui();
  const left_s = Math.ceil(useLeft(until_s));
  const time = exactSpan(left_s);
  if (left_s <= 0) {
    return (
      <p>
        <Trans>This code has expired.</Trans>
      </p>
    );
  }
  return (
    <>
      <p>
        <Trans>The other phone then opens your pool at</Trans>
      </p>
      <Host of={link} />
      <div className={styles.code}>
        <Qr text={link} label={t`QR code for the other phone`} />
      </div>
      <p>
        <Trans>Scan it with the camera of the other phone. It works once, for {time}.</Trans>
      </p>
      <p className={styles.account}>
        <Trans>Don’t show it to anyone else: it lets them play as you.</Trans>
      </p>
    </>
  );
}

/** Takes the player to another phone by a QR code. */
export function Another({ pool, player }: { pool: string; player: Player }) {
  const origin = useOrigin(pool);
  const [open, setOpen] = useState(false);
  const leaving = useMutation({
    mutationFn: async (to: string) => ({
      ...(await leaveWithNode(to, pool, player)),
      until_s: nodeTime() / 1000 + HELD_S,
    }),
  });
  const close = () => {
    setOpen(false);
    if (leaving.data === undefined) return;
    void takeBack(leaving.data.id).catch(() => undefined);
    leaving.reset();
  };
  return (
    <>
      <Row
        name={<Trans>Move to another phone</Trans>}
        press={() => {
          setOpen(true);
          if (origin !== undefined) leaving.mutate(origin);
        }}
      />
      <Sheet title={<Trans>Move to another phone</Trans>} open={open} close={close}>
        {origin === undefined && (
          <p>
            <Trans>Only this computer can open this page. Open it by your pool’s link to move to a phone.</Trans>
          </p>
        )}
        <Refusal error={leaving.error} />
        {leaving.isPending && <Skeleton height={300} />}
        {leaving.data !== undefined && <Code {...leaving.data} />}
      </Sheet>
    </>
  );
}
