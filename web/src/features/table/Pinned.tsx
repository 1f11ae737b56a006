import { useCallback, useState, type ReactNode } from "react";

import rows from "./Row.module.css";

/** Whether one's own line, the one at `mine`, is out of sight; `see` hears which lines are in it. */
export function useOutOfSight(mine: number) {
  const [shown, setShown] = useState<{ first: number; last: number }>();
  const see = useCallback((first: number, last: number) => setShown({ first, last }), []);
  return { see, away: mine !== -1 && shown !== undefined && (mine < shown.first || mine > shown.last) };
}

/** One's own line, above the bar of places; it is read out where it stands. */
export const Pinned = ({ children }: { children: ReactNode }) => (
  <div className={rows.own} aria-hidden="true" inert>
    {children}
  </div>
);
