import { useEffect, useRef, type SyntheticEvent } from "react";

/** Nothing moves under a finger that presses again. */
const RESTS_MS = 700;

const root = document.documentElement;

/**
 * Keeps the row that is written above the bar that lies over the page's end: it comes, and the row grows, while one writes. `written`
 * changes with what is written.
 */
export function useInSight(written: unknown) {
  const bar = useRef<HTMLDivElement>(null);
  const pressed = useRef<Element>(undefined);
  useEffect(() => {
    const over = bar.current;
    // It may hold nothing.
    const covers =
      over === null || over.offsetHeight === 0
        ? 0
        : over.offsetHeight + (parseFloat(getComputedStyle(over).bottom) || 0);
    root.style.scrollPaddingBottom = `${covers}px`;
    const row = pressed.current?.closest("li");
    if (over === null || over.offsetHeight === 0 || row == null) return;
    const show = (): void => row.scrollIntoView({ block: "nearest" });
    const hidden = (pressed.current?.getBoundingClientRect().bottom ?? 0) > over.getBoundingClientRect().top;
    if (hidden) show();
    const timer = setTimeout(show, RESTS_MS);
    return () => clearTimeout(timer);
  }, [written]);
  useEffect(
    () => () => {
      root.style.scrollPaddingBottom = "";
    },
    [],
  );
  const press = ({ target }: SyntheticEvent): void => {
    pressed.current = target instanceof Element ? target : undefined;
  };
  return { bar, presses: { onPointerDownCapture: press, onFocusCapture: press } };
}
