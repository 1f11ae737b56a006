// The pool's genesis as the node gives it: nobody has looked yet whether it is the one that the pool's id names.

import { queryOptions } from "@tanstack/react-query";

import { isBusyStatus, TurnedAway } from "./client";

/** The genesis file as text. */
export const genesisOptions = () =>
  queryOptions({
    queryKey: ["genesis"],
    queryFn: async () => {
      const answer = await fetch("/api/v1/pool/genesis");
      if (isBusyStatus(answer.status)) throw new TurnedAway(`genesis: ${answer.status}`);
      if (!answer.ok) throw new TypeError(`genesis: ${answer.status}`);
      return answer.text();
    },
    retry: false,
    // One that was wrong may be right when it is asked for again; not in the breath of the first screen.
    staleTime: 2_000,
  });
