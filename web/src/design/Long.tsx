import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffectEvent, useLayoutEffect, useRef, useState, type ComponentType, type ReactNode } from "react";

import { useWide } from "../device/wide";
import styles from "./Long.module.css";

/** So much of a phone's window lies under the bar of places: `--nav`. */
const NAV_PX = 64;

/** Where a row stands: so many pixels below the top of its list. */
export interface Slot {
  top: number;
  height: number;
  children: ReactNode;
}

interface Props {
  count: number;
  /** The height of every row, in pixels. */
  height: number;
  keyOf: (index: number) => string;
  row: (index: number) => ReactNode;
  role?: "rowgroup" | "list";
  /** What holds a row in its place, if not what eases it there. */
  Held?: ComponentType<Slot>;
  /** Hears which rows stand in the window as a whole. */
  onWindow?: (first: number, last: number) => void;
}

const Eased = ({ top, height, children }: Slot) => (
  <div role="presentation" className={styles.row} style={{ height, transform: `translateY(${top}px)` }}>
    {children}
  </div>
);

/** A long list of rows of one height, of which only those near the window are drawn. A row that changes places slides there. */
export function Long({ count, height, keyOf, row, role = "list", Held = Eased, onWindow }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => {
      if (list.current !== null) setTop(Math.round(list.current.getBoundingClientRect().top + scrollY));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const under = useWide() ? 0 : NAV_PX;
  const tell = (scrolled: number): void => {
    const above = scrolled - top;
    onWindow?.(Math.max(0, Math.ceil(above / height)), Math.floor((above + innerHeight - under) / height) - 1);
  };
  const begin = useEffectEvent(() => tell(scrollY));
  useLayoutEffect(() => begin(), [top, count, under]);
  // The compiler must not memoise what the virtualizer gives, and does not.

  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    getItemKey: keyOf,
    initialRect: { width: innerWidth, height: innerHeight },
    onChange: ({ scrollOffset }) => tell(scrollOffset ?? 0),
  });
  return (
    <div ref={list} role={role} className={styles.list} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((it) => (
        <Held key={it.key} top={it.start - top} height={height}>
          {row(it.index)}
        </Held>
      ))}
    </div>
  );
}
