import { useMutation } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import type { Own, Ruling } from "./inBook";
import { ruler, send } from "./send";

/** Signs with this device's player's key, tries, and sends: `useSend().mutate({ type: "object", … })`. */
export function useSend() {
  const { id } = usePool();
  return useMutation({ mutationFn: (act: Own) => send(id, act) });
}

/** The same for what only organisers sign. */
export function useRule() {
  const { id } = usePool();
  return useMutation({
    mutationFn: async (given: Ruling | Ruling[]) => {
      const rulings = [given].flat();
      const sign = await ruler(id, rulings);
      return sign(...rulings);
    },
  });
}
