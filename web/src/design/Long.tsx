import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";

import styles from "./Long.module.css";

interface Props {
  count: number;
  /** The height of every row, in pixels. */
  height: number;
  keyOf: (index: number) => string;
  row: (index: number) => ReactNode;
  role?: "rowgroup" | "list";
  /** What the rows are of: people spring to their places. */
  of?: "things" | "people";
  /** Hears which rows stand in the window. */
  onWindow?: (first: number, last: number) => void;
}

/** Rows slide one after the other; those behind these do so with the last of them. */
const MOST_TURNS = 15;

/** A long list of rows of one height, of which only those near the window are drawn. A row that changes places slides there. */
export function Long({ count, height, keyOf, row, role = "list", of = "things", onWindow }: Props) {
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
  // The compiler must not memoise what the virtualizer gives, and does not.

  const rows = useWindowVirtualizer({
    count,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    getItemKey: keyOf,
    initialRect: { width: innerWidth, height: innerHeight },
    onChange: ({ range, scrollOffset }) => {
      if (range === null || onWindow === undefined) return;
      const first = Math.max(0, Math.ceil(((scrollOffset ?? 0) - top) / height));
      onWindow(first, range.endIndex);
    },
  });
  return (
    <div ref={list} role={role} data-of={of} className={styles.list} style={{ height: rows.getTotalSize() }}>
      {rows.getVirtualItems().map((it, turn) => (
        <div
          key={it.key}
          role="presentation"
          className={styles.row}
          style={
            {
              height,
              transform: `translateY(${it.start - top}px)`,
              "--turn": Math.min(turn, MOST_TURNS),
            } as CSSProperties
          }
        >
          {row(it.index)}
        </div>
      ))}
    </div>
  );
}
