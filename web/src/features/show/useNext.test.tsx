import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { go } from "../../route";
import { film, type Scene } from "../../sentences/film";
import { DWELL_MS, useNext } from "./useNext";

vi.mock("../../route");
let calm = false;
vi.mock("../../device/calm", () => ({ useCalm: () => calm }));

const scene = (code: string) => ({ code, is: "kickoff" }) as Scene;
const next = (rests: boolean) =>
  renderHook(({ rests: it }: { rests: boolean }) => useNext("A", it), { initialProps: { rests } });
const wait = (ms: number): void =>
  act(() => {
    vi.advanceTimersByTime(ms);
  });
const gone = () => vi.mocked(go).mock.calls.map(([to]) => to);
const TO_B = { to: "/match/:code/show", params: { code: "B" }, replace: true };

beforeEach(() => {
  vi.useFakeTimers();
  vi.mocked(go).mockClear();
  calm = false;
  film.set([scene("A"), scene("B"), scene("C")]);
});
afterEach(() => void vi.useRealTimers());

it("goes on to the next scene once this one was looked at", () => {
  const { result, rerender } = next(false);
  expect([result.current.next?.code, result.current.turns]).toEqual(["B", false]);
  wait(DWELL_MS);
  expect(gone()).toEqual([]);
  rerender({ rests: true });
  wait(DWELL_MS - 1);
  expect(gone()).toEqual([]);
  wait(1);
  expect(gone()).toEqual([TO_B]);
});

it("goes on at once to what begins while the first one is left open", () => {
  film.set([]);
  const { result } = next(true);
  wait(40_000);
  expect([result.current.next, gone()]).toEqual([undefined, []]);
  act(() => film.set([scene("B")]));
  expect(gone()).toEqual([TO_B]);
});

it("stays where somebody is at work, and where nothing is to move", () => {
  const { result } = next(true);
  act(() => void dispatchEvent(new Event("pointerdown")));
  wait(DWELL_MS);
  expect([result.current.turns, gone()]).toEqual([false, []]);
  calm = true;
  expect(next(true).result.current.turns).toBe(false);
  wait(DWELL_MS);
  expect(gone()).toEqual([]);
});

it("waits until the page is seen", () => {
  const state = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  next(true);
  wait(DWELL_MS);
  expect(gone()).toEqual([]);
  state.mockReturnValue("visible");
  act(() => void document.dispatchEvent(new Event("visibilitychange")));
  expect(gone()).toEqual([TO_B]);
});
