import { renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useTries } from "./useTries";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** How many seconds lie between the tries of some minutes. */
function waits(failed?: () => boolean): number[] {
  const at_s: number[] = [];
  const attempt = () => void at_s.push(Date.now() / 1000);
  renderHook(() => useTries(attempt, failed));
  vi.advanceTimersByTime(200_000);
  return at_s.slice(1).map((it, at) => it - (at_s[at] ?? 0));
}

it("tries at once, and then later and later", () => {
  expect(waits()).toEqual([5, 10, 20, 40, 60, 60]);
});

it("tries soon again where it did not fail", () => {
  let failed = true;
  setTimeout(() => (failed = false), 40_000);
  expect(waits(() => failed).slice(0, 5)).toEqual([5, 10, 20, 40, 5]);
});

it("ends with the page, and where there is nothing to try any more", () => {
  const attempt = vi.fn();
  const { rerender, unmount } = renderHook((it: (() => void) | undefined) => useTries(it), { initialProps: attempt });
  expect(attempt).toHaveBeenCalledTimes(1);
  rerender(undefined);
  vi.advanceTimersByTime(60_000);
  expect(attempt).toHaveBeenCalledTimes(1);
  rerender(attempt);
  unmount();
  vi.advanceTimersByTime(60_000);
  expect(attempt).toHaveBeenCalledTimes(2);
});

it("begins anew with something else", () => {
  const [one, other] = [vi.fn(), vi.fn()];
  const { rerender } = renderHook((it: () => void) => useTries(it), { initialProps: one });
  vi.advanceTimersByTime(20_000);
  rerender(other);
  vi.advanceTimersByTime(5_000);
  expect([one, other].map(({ mock }) => mock.calls.length)).toEqual([3, 2]);
});
