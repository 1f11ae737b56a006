import { Plural, Trans } from "@lingui/react/macro";
import type { Ref } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { useStore } from "../../device/store";
import { unkept, useDrafts, wantSent } from "../../identity/drafts/drafts";
import { Refusal } from "../../identity/sending/Refusal";
import { StaysLocked } from "../../keys/signer";
import type { Shapes } from "../../node/client";
import { Late } from "./Late";
import { Before } from "./Opens";
import styles from "./Sending.module.css";
import type { useSending } from "./useSending";

interface Props {
  pool: string;
  account: string | undefined;
  openings: Shapes["OpeningsBody"] | undefined;
  /** The matches that take tips. */
  open: Shapes["MatchBody"][];
  /** How many drafts can be sent. */
  ready: number;
  sending: ReturnType<typeof useSending>;
  bar: Ref<HTMLDivElement>;
}

/** The button that sends every draft, and why that did not work. */
export function Sending({ pool, account, openings, open, ready, sending, bar }: Props) {
  const { wanted } = useDrafts(pool);
  const lost = useStore(unkept);
  const locked = sending.error instanceof StaysLocked;
  const { data: done } = sending;
  const late = done !== undefined && done.late.length > 0;
  if (ready === 0 && !sending.isError && !late) return null;
  return (
    <div className={styles.bar} ref={bar}>
      {lost && ready > 0 && (
        <Notice look="bad">
          <Trans>This browser can’t save anything: drafts are lost when you close this page.</Trans>
        </Notice>
      )}
      <Refusal error={wanted ? null : sending.error} />
      {late && <Late {...done} open={open} />}
      {ready > 0 && openings !== undefined && account !== undefined && (
        <Before pool={pool} openings={openings} account={account} />
      )}
      {locked && ready > 0 && (
        <Notice look="soon">
          <Trans>Your key is locked. Your drafts are safe on this device.</Trans>
        </Notice>
      )}
      {wanted ? (
        <Notice look="soon">
          <Trans>
            Can’t reach the pool. Your tips are saved on this device and will be sent as soon as it answers, as long as
            the matches are still open. Keep this page open.
          </Trans>
          <Button onPress={() => wantSent(pool, false)}>
            <Trans>Don’t send automatically</Trans>
          </Button>
        </Notice>
      ) : (
        ready > 0 && (
          <Button look="main" wide isDisabled={sending.isPending} onPress={() => sending.mutate(true)}>
            {sending.isPending ? (
              <Trans>Sending …</Trans>
            ) : locked ? (
              <Plural value={ready} one="Unlock and send # tip" other="Unlock and send # tips" />
            ) : (
              <Plural value={ready} one="Send # tip" other="Send # tips" />
            )}
          </Button>
        )
      )}
    </div>
  );
}
