import type { Draft } from "../../identity/drafts/draft";
import type { OwnTip } from "../../identity/drafts/ownTips";
import type { Shapes } from "../../node/client";
import type { Pool } from "../../rules";

interface Known {
  limits: Pick<Pool, "stake_min" | "starting_chips"> | undefined;
  matches: readonly Pick<Shapes["MatchBody"], "pot">[];
  tips: Iterable<Pick<OwnTip, "stake">>;
  drafts: Iterable<Pick<Draft, "stake">>;
  /** The table, where it is at hand. */
  table: readonly Pick<Shapes["StandingBody"], "chips">[];
}

/** Whether anybody stakes chips, as far as it is known here: most pools never do, and are spared the word. */
export function anyStakes({ limits, matches, tips, drafts, table }: Known): boolean {
  if (limits === undefined) return false;
  return (
    limits.stake_min > 0 ||
    matches.some(({ pot }) => pot > 0) ||
    [...tips, ...drafts].some(({ stake }) => stake > 0) ||
    // Pots that were paid.
    table.some(({ chips }) => chips !== limits.starting_chips)
  );
}
