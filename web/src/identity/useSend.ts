import { useMutation } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import type { Signable } from "./inBook";
import { send } from "./send";

/** Signs with this device's player's key, tries, and sends: `useSend().mutate({ type: "object", … })`. */
export function useSend() {
  const { id } = usePool();
  return useMutation({ mutationFn: (acts: Signable | Signable[]) => send(id, ...[acts].flat()) });
}
