import { useMutation } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import type { Own, SeenOffice } from "./inBook";
import { inOffice, send } from "./send";

/** Signs with this device's player's key, tries, and sends: `useSend().mutate({ type: "object", … })`. */
export function useSend() {
  const { id } = usePool();
  return useMutation({ mutationFn: (act: Own) => send(id, act) });
}

/** The same for what only organisers sign. */
export function useOffice() {
  const { id } = usePool();
  return useMutation({
    mutationFn: async (given: SeenOffice | SeenOffice[]) => {
      const offices = [given].flat();
      const sign = await inOffice(id, offices);
      return sign(...offices);
    },
  });
}
