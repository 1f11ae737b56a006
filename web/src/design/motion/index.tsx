import { LazyMotion, MotionConfig } from "motion/react";
import type { ReactNode } from "react";

export { LayoutGroup } from "motion/react";
export * as m from "motion/react-m";

/** Brings what moves things, for whoever has to wait for it. */
export const bringMotion = () => import("./features").then(({ domMax }) => domMax);

/** Within it `m.div` and its like move. What moves them is fetched once it is first needed; nothing moves where a reader wants it so. */
export const Moving = ({ children }: { children: ReactNode }) => (
  <LazyMotion features={bringMotion} strict>
    <MotionConfig reducedMotion="user">{children}</MotionConfig>
  </LazyMotion>
);

/** How people move: as `--spring` does in style sheets. */
export const SPRING = { type: "spring", stiffness: 320, damping: 26 } as const;
