import { useLingui } from "@lingui/react/macro";

import type { Shapes } from "../node/client";
import { useModifiers } from "../rulebook/Sentences";

/** What makes a match count otherwise than most, in a few words each: "points × 2". */
export function useCounts({
  multiplier: times,
  counts,
}: Pick<Shapes["MatchBody"], "multiplier" | "counts">): readonly string[] {
  const { t } = useLingui();
  const also = useModifiers(counts);
  return times > 1 ? [t`points × ${times}`, ...also] : also;
}
