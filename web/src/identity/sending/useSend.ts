import { useMutation } from "@tanstack/react-query";

import { usePool } from "../../node/queries";
import type { ReportedAdminAction } from "../assent/onChain";
import { inOffice } from "./send";

/** Signs with this device's player's key, tries, and sends what only organisers sign. */
export function useOffice() {
  const { id } = usePool();
  return useMutation({
    mutationFn: async (given: ReportedAdminAction | ReportedAdminAction[]) => {
      const offices = [given].flat();
      const sign = await inOffice(id, offices);
      return sign(...offices);
    },
  });
}
