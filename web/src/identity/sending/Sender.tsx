import { useMutation, useQuery, type UseMutationResult } from "@tanstack/react-query";
import { createContext, use, useEffect, useEffectEvent, useRef, type ReactNode } from "react";

import { nodeTime } from "../../node/clock";
import { useNear } from "../../node/events";
import { poolOptions } from "../../node/queries";
import { useDrafts } from "../drafts/drafts";
import { tippableNow } from "../tippable";
import { sendTips, type SentTips } from "./sendTips";

/** How often what waits is tried again while the node seems to be there. */
const AGAIN_MS = 5_000;

/** Which drafts: all that can be sent, or those that waited for the node. */
type Wish = "all" | "waiting";

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

type Sending = UseMutationResult<SentTips, Error, Wish>;

const Context = createContext<Sending | undefined>(undefined);

/** Sends drafts, from whatever place is shown; what nobody answered is sent again. */
export function Sender({ children }: { children: ReactNode }) {
  const id = useQuery(poolOptions()).data?.id ?? "";
  const { wanted } = useDrafts(id);
  const sending = useMutation({
    mutationFn: async (wish: Wish) =>
      sendTips({ id }, await tippableNow(), Math.floor(nodeTime() / 1000), wish === "waiting"),
  });
  useSendLater(wanted.length > 0, () => {
    if (!sending.isPending) sending.mutate("waiting");
  });
  return <Context value={sending}>{children}</Context>;
}

/** What was sent last from this page, and how to send more. */
export function useSending(): Sending {
  const sending = use(Context);
  if (sending === undefined) throw new Error("no Sender stands around this");
  return sending;
}
