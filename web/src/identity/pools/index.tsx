import { lazy, Suspense } from "react";

import { useWide } from "../../device/wide";
import { useJoinedPools } from "../../keys/joined";
import { HERE } from "../../keys/pools";

const Discs = lazy(() => import("./Discs"));

/**
 * The pools that this device has joined on this host, to choose among; nothing where there is one. They stand in the heads of places,
 * on a desk in its `rail` instead. `own`: that of this page.
 */
export function Pools({ own, rail = false }: { own: string; rail?: boolean }) {
  const pools = useJoinedPools(own);
  const wide = useWide();
  if (pools.length < 2 || wide !== rail) return null;
  return (
    <Suspense>
      <Discs pools={pools} own={own} here={HERE} />
    </Suspense>
  );
}
