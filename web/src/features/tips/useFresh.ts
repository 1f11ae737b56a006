import { useEffect, useRef, useState } from "react";

import type { OwnTip } from "../../identity/drafts/ownTips";

const SHOWN_MS = 2000;

/** Codes of matches whose tip has been stamped while the reader looks. */
export function useFresh(tips: Map<string, OwnTip>): ReadonlySet<string> {
  const before = useRef(new Map<string, string>());
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const stamped = [...tips.values()].filter(({ match, state }) => {
      const was = before.current.get(match.code);
      return state === "stamped" && was !== undefined && was !== "stamped";
    });
    before.current = new Map([...tips].map(([code, { state }]) => [code, state]));
    if (stamped.length === 0) return;
    setFresh((now) => new Set([...now, ...stamped.map(({ match }) => match.code)]));
    const timer = setTimeout(() => setFresh(new Set()), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [tips]);
  return fresh;
}
