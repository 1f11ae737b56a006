// Rounds stand in the book by a name for good. Those that the program gives where a list names none, or names a usual one, are shown in
// the reader's language, as nations are.

import { t } from "@lingui/core/macro";

/** What a round is called in the reader's language. */
export function roundName(stage: string): string {
  switch (stage) {
    case "Regular season":
      return t`Regular season`;
    case "Group stage":
      return t`Group stage`;
    case "Round of 32":
      return t`Round of 32`;
    case "Round of 16":
      return t`Round of 16`;
    case "Quarter-finals":
      return t`Quarter-finals`;
    case "Semi-finals":
      return t`Semi-finals`;
    case "Third place":
      return t`Third place`;
    case "Final":
      return t`Final`;
    default:
      return stage;
  }
}

const LEVEL = /^(regular season|group|gruppe|grupo|matchday|rodada|spieltag|\d{1,2}\. spieltag)/i;

/** Whether no match of a round has extra time, by its name: it is of a league, or of groups. */
export const isLevel = (stage: string): boolean => LEVEL.test(stage);
