import { count, object } from "../../node/shape";
import { Figures, LABELS, type Figure } from "./Figures";
import type { Kind } from "./kind";

interface Best {
  exact: number;
  difference: number;
  tendency: number;
}

/** The best of a few: a figure each. One that wins no more than the next is left out. */
export const BEST: Kind = {
  shape: object({ exact: count, difference: count, tendency: count }),
  draw: ({ exact, difference, tendency }: Best) => {
    const figures: Figure[] = [
      [exact, LABELS.exact],
      [difference, LABELS.difference],
      [tendency, LABELS.tendency],
    ];
    return <Figures of={figures.filter(([points], at) => points !== figures[at + 1]?.[0])} />;
  },
};
