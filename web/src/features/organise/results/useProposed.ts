import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { whileBusy } from "../../../node/client";
import { useSources } from "../../../node/live";
import { compare, type Compared } from "../matches/compare";

/** What lists from the web have against the pool as it is. It is compared again whenever the node says something else of its lists. */
export function useProposed(account: string) {
  const { data: sources } = useSources();
  const [zone, setZone] = useState<string>();
  const queries = useQueryClient();
  const queryKey = ["changes of lists from the web", account, sources, zone];
  const enabled = sources?.on === true && sources.sources.some(({ heard }) => heard != null);
  const again = () => compare({ sources: true, ...(zone !== undefined && { zone }) }, account, false);
  const asked = useQuery({
    queryKey,
    queryFn: again,
    enabled,
    placeholderData: keepPreviousData,
    gcTime: 0,
    ...whileBusy,
  });
  return {
    sources,
    compared: enabled ? asked.data : undefined,
    error: asked.error,
    refetch: asked.refetch,
    /** Compares now, and shows it. */
    look: async (): Promise<Compared> => {
      const now = await again();
      queries.setQueryData(queryKey, now);
      return now;
    },
    /** Takes the days of another zone. */
    inZone: setZone,
  };
}

export type Proposed = ReturnType<typeof useProposed>;
