import { useEffect, useRef, useState } from "react";

/** So far below the screen what will be seen is asked for. */
const AHEAD = "600px 0px";

/** Whether a line is on the screen or near to it; `wanted`: whether that matters. */
export function useComes<Node extends Element>(wanted: boolean) {
  const line = useRef<Node>(null);
  const [comes, setComes] = useState(false);
  useEffect(() => {
    const it = line.current;
    if (!wanted || it === null || typeof IntersectionObserver === "undefined") return undefined;
    const watcher = new IntersectionObserver(([last]) => setComes(last?.isIntersecting === true), {
      rootMargin: AHEAD,
    });
    watcher.observe(it);
    return () => watcher.disconnect();
  }, [wanted]);
  return { line, comes: wanted && comes };
}
