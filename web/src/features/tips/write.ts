import { keepDraft, whichOf, type Draft } from "../../identity/drafts/drafts";
import type { OwnTip } from "../../identity/drafts/ownTips";
import { isOver } from "../../keys/sent";
import type { Shapes } from "../../node/client";

interface Tipped {
  pool: string;
  match: Shapes["MatchBody"];
  tip: OwnTip | undefined;
  draft: Draft | undefined;
}

/** What a draft starts from: itself, or the tip that stands. */
export const writtenOf = ({ draft, tip }: Pick<Tipped, "draft" | "tip">): Draft | undefined =>
  draft ?? (tip?.score ? { ...tip.score, stake: tip.stake } : undefined);

/** Writes a draft; one that says what stands already is cleared. */
export function writerOf({ pool, match, tip: known }: Omit<Tipped, "draft">): (next: Draft) => void {
  const tip = isOver(known?.fate) ? undefined : known;
  return (next) => {
    const same = next.home === tip?.score?.home && next.away === tip.score.away && next.stake === tip.stake;
    const empty = tip === undefined && next.home === null && next.away === null;
    keepDraft(pool, whichOf(match), same || empty ? undefined : next);
  };
}

/** Whether a tip is another than the draft over it, which may have been sent already. */
export const stays = ({ fate, bet, score, stake }: OwnTip, draft: Draft): boolean =>
  !isOver(fate) &&
  (bet !== undefined ||
    (score !== null && (score.home !== draft.home || score.away !== draft.away || stake !== draft.stake)));
