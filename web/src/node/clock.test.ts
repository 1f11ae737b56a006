import { beforeEach, describe, expect, it, vi } from "vitest";

describe("the node's clock", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.useFakeTimers({ now: Date.UTC(2026, 5, 5, 12, 0, 0) });
  });

  it("is this device's while nothing is known", async () => {
    const { nodeTime } = await import("./clock");
    expect(nodeTime()).toBe(Date.now());
  });

  it("is learnt from an answer, although this device is an hour off", async () => {
    const { clockAhead, learnTime, nodeTime } = await import("./clock");
    learnTime("Fri, 05 Jun 2026 11:00:00 GMT", Date.now() - 100, Date.now());
    expect(Math.abs(nodeTime() - Date.UTC(2026, 5, 5, 11, 0, 0))).toBeLessThan(1000);
    expect(Math.abs(clockAhead() - 3_600_000)).toBeLessThan(1000);
  });

  it("is not spoilt by a slow answer", async () => {
    const { learnTime, nodeTime } = await import("./clock");
    learnTime("Fri, 05 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    const before = nodeTime();
    learnTime("Fri, 05 Jun 2026 11:59:57 GMT", Date.now() - 8000, Date.now());
    expect(nodeTime()).toBe(before);
  });

  it("follows when this device's clock was set", async () => {
    const { learnTime, nodeTime } = await import("./clock");
    learnTime("Fri, 05 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    vi.setSystemTime(Date.UTC(2026, 5, 5, 15, 0, 0));
    learnTime("Fri, 05 Jun 2026 12:00:10 GMT", Date.now() - 200, Date.now());
    expect(Math.abs(nodeTime() - Date.UTC(2026, 5, 5, 12, 0, 10))).toBeLessThan(1000);
  });

  it("does not care for what is no date", async () => {
    const { learnTime, nodeTime } = await import("./clock");
    learnTime(null, Date.now(), Date.now());
    learnTime("soon", Date.now(), Date.now());
    expect(nodeTime()).toBe(Date.now());
  });

  it("is not before a block that was checked here, but for what a block's time may be off", async () => {
    const { learnTime, nodeTime, notBefore } = await import("./clock");
    learnTime("Tue, 02 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    notBefore(Date.UTC(2026, 5, 5, 11, 30, 0) / 1000);
    expect(nodeTime()).toBe(Date.UTC(2026, 5, 5, 9, 30, 0));
    vi.advanceTimersByTime(60_000);
    notBefore(Date.UTC(2026, 5, 5, 11, 30, 0) / 1000);
    expect(nodeTime()).toBe(Date.UTC(2026, 5, 5, 9, 31, 0));
  });

  it("is no later for a book a day ahead of both clocks", async () => {
    const { learnTime, nodeTime, notBefore } = await import("./clock");
    notBefore(Date.UTC(2026, 5, 7, 0, 0, 0) / 1000);
    expect(nodeTime()).toBe(Date.now());
    learnTime("Fri, 05 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    notBefore(Date.UTC(2026, 5, 7, 0, 0, 0) / 1000);
    vi.advanceTimersByTime(600_000);
    expect(Math.abs(nodeTime() - Date.now())).toBeLessThan(1000);
  });

  it("is the node's where this device is a day behind it and the book", async () => {
    const { learnTime, nodeTime, notBefore } = await import("./clock");
    learnTime("Sat, 06 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    notBefore(Date.UTC(2026, 5, 6, 13, 0, 0) / 1000);
    expect(Math.abs(nodeTime() - Date.UTC(2026, 5, 6, 12, 0, 0))).toBeLessThan(1000);
  });

  it("is told where it differs much from this device's", async () => {
    const { renderHook } = await import("@testing-library/react");
    const { learnTime, useNodeAhead } = await import("./clock");
    const { result, rerender } = renderHook(() => useNodeAhead());
    expect(result.current).toBe(0);
    learnTime("Mon, 08 Jun 2026 12:00:00 GMT", Date.now() - 20, Date.now());
    rerender();
    expect(result.current).toBe(3 * 86_400);
    learnTime("Fri, 05 Jun 2026 11:00:00 GMT", Date.now() - 20, Date.now());
    rerender();
    expect(result.current).toBe(-3600);
    learnTime("Fri, 05 Jun 2026 12:05:00 GMT", Date.now() - 20, Date.now());
    rerender();
    expect(result.current).toBe(0);
  });
});
