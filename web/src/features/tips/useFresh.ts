import { useEffect, useRef, useState } from "react";

import type { OwnTip } from "../../identity/drafts/ownTips";

const SHOWN_MS = 2000;

/** Numbers of matches whose tip has been stamped while the reader looks. */
export function useFresh(tips: Map<number, OwnTip>): ReadonlySet<number> {
  const before = useRef(new Map<number, string>());
  const [fresh, setFresh] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => {
    const stamped = [...tips.values()].filter(({ match, state }) => {
      const was = before.current.get(match.no);
      return state === "stamped" && was !== undefined && was !== "stamped";
    });
    before.current = new Map([...tips].map(([no, { state }]) => [no, state]));
    if (stamped.length === 0) return;
    setFresh((now) => new Set([...now, ...stamped.map(({ match }) => match.no)]));
    const timer = setTimeout(() => setFresh(new Set()), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [tips]);
  return fresh;
}
