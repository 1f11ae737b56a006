// One stream of the node's events, which recovers by itself: it goes on after the last event that it heard.

import { inHost } from "../device/address";

/** What the node tells; see `GET /api/v1/events`. */
export const EVENTS = [
  "tip",
  "resumed",
  "resync",
  "block",
  "transaction",
  "final",
  "peer",
  "sync",
  "result",
  "standings",
  "reorganised",
  "notice",
  "back_dated",
  "live",
  "sources",
  "lagged",
] as const;

export type EventName = (typeof EVENTS)[number];

/** What a stream tells: an event as it came, that it is open, or how often in a row it could not be opened. */
export type Told = { is: "event"; name: EventName; text: string } | { is: "open" } | { is: "broken"; times: number };

/** What a page asks of a stream: to be opened again if it may be dead, or to end. */
export type Wish = "doubt" | "end";

/** A stream that is younger is not doubted. */
const DOUBT_MS = 5_000;
const EVENTS_AT = inHost("/api/v1/events");
const AGAIN_MS = [1_000, 2_000, 5_000, 10_000];

/** Opens the stream. What it gives takes wishes. */
export function listen(tell: (told: Told) => void): (wish: Wish) => void {
  let stream: EventSource | undefined;
  let again: ReturnType<typeof setTimeout> | undefined;
  let broken = 0;
  let opened_ms = 0;
  let last = "";
  const open = (): void => {
    clearTimeout(again);
    opened_ms = Date.now();
    stream?.close();
    const opened = new EventSource(last === "" ? EVENTS_AT : `${EVENTS_AT}?after=${encodeURIComponent(last)}`);
    stream = opened;
    for (const name of EVENTS)
      opened.addEventListener(name, ({ data, lastEventId }: MessageEvent<string>) => {
        // `resumed` has none.
        if (lastEventId !== "") last = lastEventId;
        tell({ is: "event", name, text: data });
      });
    opened.onopen = () => {
      broken = 0;
      tell({ is: "open" });
    };
    opened.onerror = () => {
      // A browser opens a broken stream again by itself, but not one that was refused; one way for both.
      opened.close();
      const wait_ms = AGAIN_MS[Math.min(broken, AGAIN_MS.length - 1)];
      broken += 1;
      tell({ is: "broken", times: broken });
      clearTimeout(again);
      again = setTimeout(open, wait_ms);
    };
  };
  open();
  return (wish) => {
    if (wish === "doubt" && Date.now() - opened_ms > DOUBT_MS) open();
    if (wish === "end") {
      clearTimeout(again);
      stream?.close();
      opened_ms = 0;
    }
  };
}
