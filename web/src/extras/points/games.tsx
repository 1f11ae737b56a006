// Famous games that a new pool may be played as. What they are is for the program to say (`game` in a file of rules): the numbers and the
// names here are for showing it.

import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

import type { Points } from "./way";

/** A famous game, as this page shows it. */
export interface Game extends Omit<Points, "follows"> {
  /** What else there is to say of it, */
  brings?: ReactNode;
  /** in a pool with knock-out matches, */
  inKnockOut?: ReactNode;
  /** and unless something else is chosen to separate equal points. */
  separates?: ReactNode;
}

/** What all of Kicktipp's have. */
const KICKTIPP = {
  inKnockOut: <Trans>In knock-out matches, the goals of a penalty shoot-out count too.</Trans>,
  separates: <Trans>With equal points, the player with more rounds won is ahead.</Trans>,
  tieBreaks: ["wins"],
};

const line = (exact: number, difference: number, tendency: number) => ({ exact, difference, tendency });

/** By their names in a file of rules, in the order in which they are offered. */
export const GAMES: Record<string, Game> = {
  kicktipp: { ...KICKTIPP, says: () => t`Kicktipp: 4 / 3 / 2`, scoring: { kind: "best", ...line(4, 3, 2) } },
  nine: {
    ...KICKTIPP,
    says: () => t`Kicktipp: more for away wins`,
    scoring: { kind: "lines", home: line(4, 3, 2), draw: { exact: 6, tendency: 4 }, away: line(6, 5, 4) },
  },
  quota: {
    ...KICKTIPP,
    says: () => t`Kicktipp: 3–10, more if rare`,
    scoring: {
      ...{ kind: "quota", least: 3, most: 10 },
      lines: { home: line(2, 1, 0), draw: { exact: 2, tendency: 0 }, away: line(2, 1, 0) },
    },
  },
  superbru: {
    says: () => t`Superbru: 12 / close 6 / 4`,
    scoring: { kind: "close", exact: 12, close: 6, result: 4 },
    brings: <Trans>All points are four times those of Superbru, so that none is a half.</Trans>,
    inKnockOut: (
      <Trans>
        Quarter-finals count one and a half times, semi-finals and the match for third place twice, and the final three
        times.
      </Trans>
    ),
  },
  super6: {
    says: () => t`Super 6: exact 5, winner 2`,
    scoring: { kind: "best", ...line(5, 2, 2) },
    separates: <Trans>With equal points, the nearest answers to questions with a number decide.</Trans>,
    tieBreaks: ["nearest"],
  },
  wpfp: {
    says: () => t`WordPress Football Pool: added up`,
    scoring: { kind: "sum", exact: 5, tendency: 2, difference: 1, each_team: 1 },
    brings: (
      <>
        <Trans>Added up: exact 5, winner 2, difference 1, each team 1.</Trans>{" "}
        <Trans>
          A tip with a joker counts double. Everyone sees where the joker is, and it can move until tips close.
        </Trans>
      </>
    ),
    separates: <Trans>With equal points, exact scores decide, then right winners, then points by questions.</Trans>,
    tieBreaks: ["exact", "tendencies", "bonus"],
    settles: ["jokers"],
  },
  br7: {
    says: () => t`Dacopa: 25 / 18 / 15 / 12 / 10 / 4`,
    scoring: { kind: "best", ...line(25, 15, 10), draw: 4, winner_goals: 18, loser_goals: 12 },
  },
  br10s: {
    says: () => t`Bolão: 10 / 7 / 5, then more`,
    scoring: { kind: "best", ...line(10, 7, 5) },
    inKnockOut: <Trans>The round of 16 gives more points, and matches from the quarter-finals on even more.</Trans>,
  },
};

/** A game by its name, if the page has words for it. */
export const gameOf = (name: string): Game | undefined => (Object.hasOwn(GAMES, name) ? GAMES[name] : undefined);
