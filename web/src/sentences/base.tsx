// Which score of a match counts, by the base that the rules of its stage name.

import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Shapes } from "../node/client";

type Scores = Pick<Shapes["OutcomeBody"], "after_90" | "after_120" | "shootout">;

interface Base {
  /** Whether the match may go on after 90 minutes. */
  goesOn: boolean;
  /** The score that counts, of those that a record has. */
  scoreOf: (of: Scores) => Scores["after_90"];
  /** What whoever enters a result is told of it. */
  says?: ReactNode;
}

const withShootout = (score: Scores["after_90"], shootout: Scores["shootout"]): Scores["after_90"] =>
  score == null || shootout == null ? score : { home: score.home + shootout.home, away: score.away + shootout.away };

const AFTER_90: Base = { goesOn: false, scoreOf: ({ after_90 }) => after_90 };

const BASES: Readonly<Record<string, Base>> = {
  "90": AFTER_90,
  "120": {
    goesOn: true,
    scoreOf: ({ after_90, after_120 }) => after_120 ?? after_90,
    says: <Trans>If there is extra time, the score after it counts here.</Trans>,
  },
  penalties: {
    goesOn: true,
    scoreOf: ({ after_90, after_120, shootout }) => withShootout(after_120 ?? after_90, shootout),
    says: <Trans>The score after penalties counts here: their goals are added to those after extra time.</Trans>,
  },
};

/** What counts of a match; after 90 minutes where a newer program names a base that this page does not know. */
export const baseOf = ({ base }: Pick<Shapes["MatchBody"], "base">): Base => BASES[base] ?? AFTER_90;
