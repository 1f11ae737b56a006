import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { begin, NoCode, preview, type Begun } from "./first";

const BEGUN = { token: "t", url: "http://localhost:1", schemes: [], rules: {} };

describe("the first run", () => {
  beforeEach(() => sessionStorage.clear());
  afterEach(() => {
    vi.unstubAllGlobals();
    history.replaceState(null, "", "/");
  });

  it("gives the code for a token, and leaves neither in the address", async () => {
    history.replaceState(null, "", "/start#c0de");
    const fetch = vi.fn(() => Promise.resolve(Response.json(BEGUN)));
    vi.stubGlobal("fetch", fetch);
    expect(await begin()).toEqual(BEGUN);
    const [path, request] = fetch.mock.calls[0] as unknown as [string, RequestInit];
    expect(path).toBe("/api/start/begin");
    expect(request.headers).toMatchObject({ authorization: "Bearer c0de" });
    expect(location.href).not.toContain("c0de");
  });

  it("goes on where the page is loaded again", async () => {
    history.replaceState(null, "", "/start#c0de");
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json(BEGUN)));
    await begin();
    vi.stubGlobal("fetch", () => Promise.reject(new Error("the code is good once")));
    expect(await begin()).toEqual(BEGUN);
  });

  it("says that it wants a code", async () => {
    await expect(begin()).rejects.toBeInstanceOf(NoCode);
  });

  it.each([
    ["Fixtures", ""],
    ["World Cup 2030", "World Cup 2030"],
  ])("calls matches of a source that is named %s “%s”", async (name, called) => {
    const read = { name, matches: [], left_out: [], odd: [], warnings: [], file: JSON.stringify({ matches: [] }) };
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json(read)));
    expect((await preview(BEGUN as unknown as Begun, { text: "…" })).name).toBe(called);
  });

  it("says why a code is not good", async () => {
    history.replaceState(null, "", "/start#old");
    const problem = { code: "unauthorized", status: 401, title: "", type: "about:blank", detail: "opened already" };
    vi.stubGlobal("fetch", () => Promise.resolve(Response.json(problem, { status: 401 })));
    await expect(begin()).rejects.toMatchObject({ detail: "opened already" });
  });
});
