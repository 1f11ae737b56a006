import type { ErrorComponentProps } from "@tanstack/react-router";
import { useEffect, useEffectEvent } from "react";

import { Failure } from "../design/Failure";
import { queries } from "../node/client";
import { useNear } from "../node/events";

const forgetErrors = (): void => void queries.resetQueries({ predicate: ({ state }) => state.status === "error" });

/** A place that cannot be shown. Tries again by itself once the node answers. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const near = useNear();
  const again = (): void => {
    forgetErrors();
    reset();
  };
  const onNear = useEffectEvent(again);
  useEffect(() => {
    if (near === true && error instanceof TypeError) onNear();
  }, [near, error]);
  return <Failure error={error} again={again} />;
}
