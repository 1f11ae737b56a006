import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useState } from "react";

import { Failure } from "../design/Failure";
import { isBusy, queries } from "../node/client";
import { useNear } from "../node/events";
import { loadAnew, Unloaded } from "./lazyRoute";

const forgetErrors = (): void => void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });

/** It tries again by itself at most that often, unless the node was away meanwhile. */
const PATIENCE_MS = 30_000;

let tried_ms = -Infinity;

/** How often a busy node is asked again by itself, and how soon: later and later. */
const MOST_ASKS = 8;
const SOON_MS = 3_000;
/** After so long a node is busy anew. */
const ANEW_MS = 10 * 60_000;

let asks = { count: 0, last_ms: -Infinity };

/** A place that cannot be shown. Tries again by itself once the node answers. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const near = useNear();
  const router = useRouter();
  const again = async (asked: boolean): Promise<void> => {
    if (error instanceof Unloaded && (await loadAnew(asked))) return;
    forgetErrors();
    await router.invalidate();
    reset();
  };
  const onNear = useEffectEvent(() => void again(false));
  useEffect(() => {
    if (near !== true) tried_ms = -Infinity;
    else if (error instanceof TypeError && !isBusy(error) && Date.now() - tried_ms > PATIENCE_MS) {
      tried_ms = Date.now();
      onNear();
    }
  }, [near, error]);
  const busy = isBusy(error);
  const [round, setRound] = useState(0);
  const ask = useEffectEvent(() => {
    asks = { count: asks.count + 1, last_ms: Date.now() };
    void again(false).finally(() => setRound(round + 1));
  });
  useEffect(() => {
    if (!busy) return undefined;
    if (Date.now() - asks.last_ms > ANEW_MS) asks = { count: 0, last_ms: Date.now() };
    if (asks.count === MOST_ASKS) return undefined;
    const timer = setTimeout(ask, SOON_MS * 2 ** asks.count);
    return () => clearTimeout(timer);
  }, [busy, round]);
  return <Failure error={error} again={() => void again(true)} byItself={asks.count < MOST_ASKS} />;
}
