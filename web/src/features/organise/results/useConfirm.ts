// Confirming results, each in a transaction of its own.

import { useMutation } from "@tanstack/react-query";

import { inOffice } from "../../../identity/sending/send";
import { usePool } from "../../../node/queries";
import { saysTheSame } from "../matches/reimport";
import { patiently } from "../matches/useSigning";
import { isOwn, officeOf, type Line } from "./useLines";
import type { Proposed } from "./useProposed";

/** Whether lists still say what is confirmed of them. */
async function stillSaid(lines: readonly Line[], look: Proposed["look"]): Promise<boolean> {
  const theirs = lines.flatMap((line) => (line.proposed === undefined || isOwn(line) ? [] : [line.proposed.change]));
  if (theirs.length === 0) return true;
  const { changes } = await look();
  return theirs.every((change) =>
    saysTheSame(
      change,
      changes.find(({ key }) => key === change.key),
    ),
  );
}

/** Confirms what lines say; what is confirmed is `"changed"`, and nothing, where the lists say something else by now. */
export function useConfirm(look: Proposed["look"]) {
  const { id } = usePool();
  return useMutation({
    mutationFn: async (lines: readonly Line[]) => {
      if (!(await stillSaid(lines, look))) return "changed";
      const offices = lines.flatMap(officeOf);
      const sign = await inOffice(id, offices);
      for (const office of offices) await patiently(() => sign(office));
      return "saved";
    },
  });
}
