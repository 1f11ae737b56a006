import { useMutation } from "@tanstack/react-query";

import { usePool } from "../node/queries";
import type { Act } from "../rules";
import { send } from "./send";

/** Signs with this device's player's key, tries, and sends: `const act = useSend(); act.mutate({ type: "object", … })`. */
export function useSend() {
  const { id } = usePool();
  return useMutation({ mutationFn: (act: Act) => send(id, act) });
}
