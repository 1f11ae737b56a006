import { Plural, Trans } from "@lingui/react/macro";
import { lazy, Suspense, useRef, type Ref } from "react";

import { Button } from "../../design/Button";
import { Notice } from "../../design/Notice";
import { useStore } from "../../device/store";
import { unkept, wantSent } from "../../identity/drafts/drafts";
import { Late } from "../../identity/sending/Late";
import { Refusal } from "../../identity/sending/Refusal";
import type { useSending } from "../../identity/sending/Sender";
import type { SentTips } from "../../identity/sending/sendTips";
import type { Tippable } from "../../identity/tippable";
import { useJoinedPools } from "../../keys/joined";
import { StaysLocked } from "../../keys/signer";
import type { Shapes } from "../../node/client";
import { Before } from "./Opens";
import styles from "./Sending.module.css";

/** For whoever plays in other pools of this host. */
const Also = lazy(() => import("./Also"));

interface Props {
  pool: string;
  account: string | undefined;
  openings: Shapes["OpeningsBody"] | undefined;
  /** What takes tips. */
  open: Tippable[];
  /** How many drafts can be sent. */
  ready: number;
  /** How many of them are sent as soon as the pool's computer answers. */
  waiting: number;
  /** Those that waited for that too long. */
  missed: SentTips["late"];
  sending: ReturnType<typeof useSending>;
  bar: Ref<HTMLDivElement>;
}

/** The button that sends every draft, and why that did not work. */
export function Sending({ pool, account, openings, open, ready, waiting, missed, sending, bar }: Props) {
  const lost = useStore(unkept);
  const locked = sending.error instanceof StaysLocked;
  const late = [...(sending.data?.late ?? []), ...missed];
  const left = ready - waiting;
  const others = useJoinedPools(pool).filter((other) => account !== undefined && other.pool !== pool);
  const also = useRef<() => void>(null);
  if (ready === 0 && !sending.isError && late.length === 0 && others.length === 0) return null;
  return (
    <div className={styles.bar} ref={bar}>
      {lost && ready > 0 && (
        <Notice look="bad">
          <Trans>This browser can’t save anything: drafts are lost when you close this page.</Trans>
        </Notice>
      )}
      <Refusal error={waiting > 0 || missed.length > 0 ? null : sending.error} />
      {late.length > 0 && <Late late={late} sent={sending.data?.sent ?? []} open={open} />}
      {ready > 0 && openings !== undefined && account !== undefined && (
        <Before pool={pool} openings={openings} account={account} />
      )}
      {locked && ready > 0 && (
        <Notice look="soon">
          <Trans>Your key is locked. Your drafts are safe on this device.</Trans>
        </Notice>
      )}
      {waiting > 0 && (
        <Notice look="soon">
          <Plural
            value={waiting}
            one="Can’t reach the pool. Your tip is saved on this device and will be sent as soon as it answers, as long as the match is still open. Keep this page open."
            other="Can’t reach the pool. Your # tips are saved on this device and will be sent as soon as it answers, as long as the matches are still open. Keep this page open."
          />
          <Button onPress={() => wantSent(pool, [])}>
            <Trans>Don’t send automatically</Trans>
          </Button>
        </Notice>
      )}
      {others.length > 0 && (
        <Suspense>
          <Also pool={pool} others={others} open={open} send={also} />
        </Suspense>
      )}
      {left > 0 && (
        <Button
          look="main"
          wide
          isDisabled={sending.isPending}
          onPress={() => {
            also.current?.();
            sending.mutate("all");
          }}
        >
          {sending.isPending ? (
            <Trans>Sending …</Trans>
          ) : locked ? (
            <Plural value={left} one="Unlock and send # tip" other="Unlock and send # tips" />
          ) : (
            <Plural value={left} one="Send # tip" other="Send # tips" />
          )}
        </Button>
      )}
    </div>
  );
}
