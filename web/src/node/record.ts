import type { Shapes } from "./client";

/** What became of a match, as far as that counts: what put it off counts no more once it was scheduled anew. */
export function standing({
  record,
  postponed,
}: Pick<Shapes["MatchBody"], "record" | "postponed">): Shapes["RecordBody"] | undefined {
  return record == null || (record.outcome.status === "postponed" && !postponed) ? undefined : record;
}
