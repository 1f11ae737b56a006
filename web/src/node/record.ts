import type { Shapes } from "./client";

interface Of {
  record?: Shapes["RecordBody"] | null;
  postponed?: boolean;
}

/** What became of a match or a question, as far as that counts: what put it off counts no more once it was scheduled anew. */
export const standing = ({ record, postponed = false }: Of): Shapes["RecordBody"] | undefined =>
  record == null || (record.outcome.status === "postponed" && !postponed) ? undefined : record;
