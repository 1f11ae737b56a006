import type { ReactNode } from "react";

import type { Shape } from "../../node/shape";

/** A way to give points, as rules have it. */
export interface Kind {
  /** What it has to be before it is drawn, */
  shape: Shape;
  /** as which a kind takes it. */
  draw: (scoring: never) => ReactNode;
}
