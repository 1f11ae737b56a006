import { useMutation } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";

import { useDrafts } from "../../identity/drafts/drafts";
import { sendTips } from "../../identity/sending/sendTips";
import type { Shapes } from "../../node/client";
import { nodeTime } from "../../node/clock";
import { useNear } from "../../node/events";

/** How often what waits is tried again while the node seems to be there. */
const AGAIN_MS = 5_000;

/** Sends what waits as soon as the node answers again. */
function useSendLater(wanted: boolean, send: () => void): void {
  const near = useNear();
  const again = useEffectEvent(send);
  useEffect(() => {
    if (!wanted || near === false) return;
    const timer = setInterval(again, AGAIN_MS);
    return () => clearInterval(timer);
  }, [wanted, near]);
  // At once when it comes back; while it is being sent for the first time there is nothing to repeat.
  const before = useRef(near);
  useEffect(() => {
    const back = before.current === false && near === true;
    before.current = near;
    if (wanted && back) again();
  }, [wanted, near]);
}

/** Sends the drafts; what nobody answered is sent again. The mutation takes whether the passphrase may be asked for. */
export function useSending(pool: { id: string }, matches: Shapes["MatchBody"][] | undefined) {
  const { wanted } = useDrafts(pool.id);
  const sending = useMutation({
    mutationFn: (ask: boolean) => sendTips(pool, matches ?? [], Math.floor(nodeTime() / 1000), ask),
  });
  useSendLater(wanted && matches !== undefined, () => {
    if (!sending.isPending) sending.mutate(false);
  });
  return sending;
}
