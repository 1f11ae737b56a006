import { Trans } from "@lingui/react/macro";

import { count, either, object, type Shape } from "../../node/shape";
import { distinct, type Figure, Figures, LABELS } from "./Figures";
import type { Kind } from "./kind";

interface Best {
  exact: number;
  difference: number;
  tendency: number;
  draw?: number;
  winner_goals?: number;
  loser_goals?: number;
}

const maybeCount: Shape = either(count, (it) => it === undefined);

const SHAPE = object({
  ...{ exact: count, difference: count, tendency: count },
  ...{ draw: maybeCount, winner_goals: maybeCount, loser_goals: maybeCount },
});

function figures({ exact, difference, tendency, draw = tendency, ...goals }: Best): readonly Figure[] {
  // A draw has the right difference.
  const isDrawApart = draw !== tendency && draw !== difference;
  const three = distinct([
    [exact, LABELS.exact],
    [difference, LABELS.difference],
    [tendency, isDrawApart ? <Trans>right winner</Trans> : LABELS.tendency],
  ]);
  const { winner_goals = tendency, loser_goals = tendency } = goals;
  // What wins as much as the difference is left to the rules in full.
  const also: Figure[] = [
    [winner_goals, <Trans>winner’s goals</Trans>] as const,
    [loser_goals, <Trans>loser’s goals</Trans>] as const,
  ].filter(([points]) => points > tendency && points !== difference);
  if (isDrawApart) also.push([draw, <Trans>another draw</Trans>]);
  return [...three, ...also].sort(([one], [other]) => other - one);
}

/** The best of a few: a figure each. One that wins no more than the next is left out. */
export const BEST: Kind = { shape: SHAPE, draw: (best: Best) => <Figures of={figures(best)} /> };
