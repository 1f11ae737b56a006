import { m, SPRING } from "../../design/motion";
import type { Slot } from "../../design/Long";

/** Rows begin to slide one after the other, those further down with the last of these. */
const TURN_S = 0.03;
const MOST_TURNS = 15;

/** Where a player's row stands; it springs to another place. */
export const Sliding = ({ top, height, children }: Slot) => (
  <m.div
    role="presentation"
    layout="position"
    layoutDependency={top}
    transition={{ layout: { ...SPRING, delay: Math.min(top / height, MOST_TURNS) * TURN_S } }}
    style={{ position: "absolute", insetInline: 0, top, height }}
  >
    {children}
  </m.div>
);
