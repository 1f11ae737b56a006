import { draftOf, isEmpty, sameDraft, type Draft } from "../../identity/drafts/draft";
import { keepDraft, whichOf } from "../../identity/drafts/drafts";
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
export const writtenOf = ({ draft, tip }: Pick<Tipped, "draft" | "tip">): Draft | undefined => draft ?? draftOf(tip);

/** Writes a draft; one that says what stands already is cleared. */
export function writerOf({ pool, match, tip: known }: Omit<Tipped, "draft">): (next: Draft) => void {
  const tip = isOver(known?.fate) ? undefined : known;
  return (next) => {
    const nothing = tip === undefined && isEmpty(next);
    keepDraft(pool, whichOf(match), nothing || sameDraft(next, draftOf(tip)) ? undefined : next);
  };
}

/** Whether a tip is another than the draft over it, which may have been sent already. */
export const stays = (tip: OwnTip, draft: Draft): boolean =>
  !isOver(tip.fate) && (tip.bet !== undefined || (tip.score !== null && !sameDraft(draftOf(tip), draft)));
