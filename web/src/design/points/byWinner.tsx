import { Figures } from "./Figures";
import type { Kind } from "./kind";
import { type ByWinner, figuresOfAll, isByWinner, Lines } from "./Lines";

/** Points that depend on who wins. */
export const BY_WINNER: Kind = {
  shape: isByWinner,
  draw: (of: ByWinner) => {
    const figures = figuresOfAll(of);
    return figures === undefined ? <Lines of={of} /> : <Figures of={figures} />;
  },
};
