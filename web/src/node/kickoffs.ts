import type { Shapes } from "./client";

/** In order of kick-offs, those without one last. */
export const byKickoff = (
  a: Pick<Shapes["MatchBody"], "kickoff" | "no">,
  b: Pick<Shapes["MatchBody"], "kickoff" | "no">,
): number =>
  Number(a.kickoff == null) - Number(b.kickoff == null) ||
  (a.kickoff ?? "").localeCompare(b.kickoff ?? "") ||
  a.no - b.no;
