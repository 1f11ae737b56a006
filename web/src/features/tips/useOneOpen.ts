import { useCallback, useLayoutEffect, useRef, useState } from "react";

export interface OneOpen {
  /** The match whose line is open. */
  code: string | undefined;
  /** Opens a line, and shuts the one before. `typing`: it was opened by a keyboard. */
  open: (code: string, row: HTMLElement | null, typing: boolean) => void;
  close: () => void;
}

/** Which line is open. Whatever shuts above it, what was tapped stays under the finger; the focus goes along. */
export function useOneOpen(): OneOpen {
  const [code, setCode] = useState<string>();
  const from = useRef<{ row: HTMLElement; top: number; typing: boolean }>(undefined);
  const open = useCallback<OneOpen["open"]>((next, row, typing) => {
    if (row !== null) from.current = { row, top: row.getBoundingClientRect().top, typing };
    setCode(next);
  }, []);
  const close = useCallback(() => {
    const row = document.activeElement?.closest("li") ?? undefined;
    if (row !== undefined) from.current = { row, top: row.getBoundingClientRect().top, typing: true };
    setCode(undefined);
  }, []);
  useLayoutEffect(() => {
    if (from.current === undefined) return;
    const { row, top, typing } = from.current;
    from.current = undefined;
    scrollBy(0, row.getBoundingClientRect().top - top);
    // A focused field has a phone show its keyboard.
    const to = row.querySelector<HTMLElement>(typing ? "input, button" : "[role=group]");
    to?.focus({ preventScroll: true });
  }, [code]);
  return { code, open, close };
}
