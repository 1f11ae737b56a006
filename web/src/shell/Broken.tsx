import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";

import { Failure } from "../design/Failure";
import { queries } from "../node/client";
import { useNear } from "../node/events";
import { loadAnew, Unloaded } from "./room";

const forgetErrors = (): void => void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });

/** It tries again by itself at most that often, unless the node was away meanwhile. */
const PATIENCE_MS = 30_000;

let tried_ms = -Infinity;

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
    else if (error instanceof TypeError && Date.now() - tried_ms > PATIENCE_MS) {
      tried_ms = Date.now();
      onNear();
    }
  }, [near, error]);
  return <Failure error={error} again={() => void again(true)} />;
}
