import { beforeEach, describe, expect, it, vi } from "vitest";

import { NO_RESULT, type ResultDraft } from "../outcome";

const goals = (home: number, away: number): ResultDraft => ({ ...NO_RESULT, after_90: { home, away } });

/** As a page that is loaded anew sees it. */
async function loaded() {
  vi.resetModules();
  const { signed, type, useTyped } = await import("./typed");
  const { renderHook } = await import("@testing-library/react");
  return { signed, type, typed: () => renderHook(() => useTyped("pool")).result.current };
}

beforeEach(() => localStorage.clear());

describe("results as they are typed", () => {
  it("are there after the page was loaded anew", async () => {
    (await loaded()).type("pool", "a", goals(2, 1));
    expect((await loaded()).typed()).toEqual({ a: goals(2, 1) });
  });

  it("go once they are signed, but not what was typed meanwhile", async () => {
    const { type, typed, signed } = await loaded();
    type("pool", "a", goals(2, 1));
    type("pool", "b", goals(0, 0));
    const sent = typed();
    type("pool", "b", goals(1, 0));
    type("pool", "c", goals(3, 3));
    signed("pool", sent);
    expect(typed()).toEqual({ b: goals(1, 0), c: goals(3, 3) });
    signed("pool", typed());
    expect(localStorage.length).toBe(0);
  });

  it("of another tab stay", async () => {
    const [one, other] = [await loaded(), await loaded()];
    one.type("pool", "a", goals(2, 1));
    other.type("pool", "b", goals(0, 0));
    expect((await loaded()).typed()).toEqual({ a: goals(2, 1), b: goals(0, 0) });
  });

  it("are left out where they are no results", async () => {
    localStorage.setItem("bolao.results.pool", JSON.stringify({ a: { ...goals(2, 1), after_90: 3 }, b: goals(1, 1) }));
    expect((await loaded()).typed()).toEqual({ b: goals(1, 1) });
    localStorage.setItem("bolao.results.pool", "{");
    expect((await loaded()).typed()).toEqual({});
  });
});
