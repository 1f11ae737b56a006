import { useMutation } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import type { SeenOffice } from "./inBook";
import { inOffice } from "./send";

/** Signs with this device's player's key, tries, and sends what only organisers sign. */
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
