// The node's clock. Deadlines are judged by the pool, never by the clock of this device.

import { useCallback, useSyncExternalStore } from "react";

/** How far the node's clock is ahead of this device's, in milliseconds, and how far off that may be. */
let offset_ms = 0;
let error_ms = Infinity;

/** The least that `offset_ms` can be in truth: a block that was checked here names a time that has been. */
let least_ms = -Infinity;
/** How far ahead of all clocks a block's time may lie in any pool (`max_future_s`). */
const DRIFT_MS = 7_200_000;

/** Learns from an answer's `Date`, which is cut to whole seconds: the answer was written between `sent` and `received`. */
export function learnTime(date: string | null, sent_ms: number, received_ms: number): void {
  const written = date === null ? NaN : Date.parse(date);
  if (Number.isNaN(written)) return;
  const error = (received_ms - sent_ms) / 2 + 500;
  // A worse answer teaches nothing, unless this device's clock was set meanwhile.
  const measured = written + 500 - (sent_ms + received_ms) / 2;
  const jumps = Math.abs(measured - offset_ms) > error + error_ms;
  // What was learnt from a block was by this device's clock as it was.
  if (jumps) least_ms = -Infinity;
  if (error <= error_ms + 50 || jumps) {
    offset_ms = measured;
    error_ms = error;
    notice();
  }
}

/**
 * Takes the time of a block that was checked here: the pool's time is not before it, whatever the node's clock says. One further ahead of
 * this device's clock and the node's than any node would take (B10) counts no more than the last that one would.
 */
export function notBefore(at_s: number): void {
  const told_ms = Math.max(0, offset_ms);
  least_ms = Math.max(least_ms, Math.min(at_s * 1000 - DRIFT_MS - Date.now(), told_ms));
}

/** The node's time now, in unix milliseconds. */
export const nodeTime = (): number => Date.now() + Math.max(offset_ms, least_ms);

/** How far this device's clock is off, in milliseconds: positive where it is ahead. 0 while that is not known. */
export const clockAhead = (): number => -offset_ms;

/** Clocks that differ by more than this are told everywhere. */
const NOTICED_MS = 600_000;
const watchers = new Set<() => void>();
let noticed_s = 0;

function notice(): void {
  const sure = Math.abs(offset_ms) - error_ms > NOTICED_MS;
  const next = sure ? Math.round(offset_ms / 60_000) * 60 : 0;
  if (next === noticed_s) return;
  noticed_s = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** By how many seconds the node's clock is ahead of this device's, where that is more than ten minutes; negative where it is behind. */
export const useNodeAhead = (): number => useSyncExternalStore(watch, () => noticed_s);

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let second = 0;

function tick(): void {
  second = Math.floor(nodeTime() / 1000);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

const now = (): number => {
  if (timer === undefined) second = Math.floor(nodeTime() / 1000);
  return second;
};

/**
 * The node’s time in unix seconds, rounded down to `step_s`; what shows it is drawn again only when that changes. A step is
 * for words ("12 minutes ago"): what has to happen at a time happens up to a step late.
 */
export function useNow(step_s = 1): number {
  return useSyncExternalStore(listen, () => Math.floor(now() / step_s) * step_s);
}

/** The last of these moments that has passed. Whether any of them has is the same at this one as now, and what shows only that is not drawn again every second. */
export function usePassed(moments_s: readonly number[]): number {
  return useSyncExternalStore(listen, () => {
    const now_s = now();
    return moments_s.reduce((last, at_s) => (at_s <= now_s ? Math.max(last, at_s) : last), -Infinity);
  });
}

const leftUntil = (at_s: number): number => Math.max(0, Math.ceil(at_s - nodeTime() / 1000));

/**
 * Whole seconds until a moment, down to 0. Unlike with `useNow`, each is counted when it begins: that is what a countdown needs of
 * which the last second matters.
 */
export function useLeft(at_s: number): number {
  const count = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const wait = (): void => {
        const left_ms = at_s * 1000 - nodeTime();
        if (left_ms > 0) timer = setTimeout(next, left_ms % 1000 || 1000);
      };
      const next = (): void => {
        listener();
        wait();
      };
      wait();
      return () => clearTimeout(timer);
    },
    [at_s],
  );
  return useSyncExternalStore(count, () => leftUntil(at_s));
}
