import { useMemo } from "react";

import { answerOf, scoreOf, slotsOf, whichSlot } from "../../../identity/answers/answer";
import { NO_DRAFT } from "../../../identity/drafts/draft";
import { keepDraft, useDrafts } from "../../../identity/drafts/drafts";
import type { OwnTip, useOwnTips } from "../../../identity/drafts/ownTips";
import { isOver } from "../../../keys/sent";
import type { QuestionBody } from "../../../node/questions";

/** A question as this player has answered it. */
export interface Asked {
  question: QuestionBody;
  /** By slots: the draft, else the answer that stands; `undefined` where there is neither, or it cannot be read. */
  written: (number | undefined)[];
  own: (OwnTip | undefined)[];
  /** Whether something of it is a draft. */
  drafted: boolean;
  /** What it gave, once it is settled. */
  points: number | undefined;
  /** Keeps an answer for a slot as a draft, or clears it. */
  put: (slot: number, answer: number | undefined) => void;
}

/** The draft that replaces what stands; none where it says the same. */
function draftOver(stands: OwnTip | undefined, answer: number | undefined) {
  const stood = stands?.score == null || isOver(stands.fate) ? undefined : answerOf(stands.score);
  const same = answer === stood && (answer !== undefined || stands === undefined);
  if (same) return undefined;
  return answer === undefined ? NO_DRAFT : { ...NO_DRAFT, ...scoreOf(answer) };
}

/** The questions with this player's answers, of what is one's `own`. */
export function useAsked(pool: string, questions: readonly QuestionBody[], own: ReturnType<typeof useOwnTips>) {
  const { tips: drafts } = useDrafts(pool);
  const { tips, answers } = own;
  return useMemo(
    () =>
      questions.map((question): Asked => {
        const slots = slotsOf(question).map((no) => ({ which: whichSlot(question, no), stands: tips.get(no) }));
        return {
          question,
          written: slots.map(({ which, stands }) => {
            const written = drafts[which] ?? stands?.score;
            return written == null ? undefined : answerOf(written);
          }),
          own: slots.map(({ stands }) => stands),
          drafted: question.status === "open" && slots.some(({ which }) => which in drafts),
          points: answers?.find((one) => one.question.no === question.no)?.points ?? undefined,
          put: (slot, answer) => {
            const at = slots[slot];
            if (at !== undefined) keepDraft(pool, at.which, draftOver(at.stands, answer));
          },
        };
      }),
    [pool, questions, tips, answers, drafts],
  );
}
