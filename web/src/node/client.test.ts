import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const JSON_TYPE = { "content-type": "application/json" };

describe("asking the node", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  /** What comes of a request within a time, and whether it was broken off. */
  async function asked(after_ms: number, answer: (signal: AbortSignal) => Promise<Response>) {
    const { node, whenNoAnswer } = await import("./client");
    const away = vi.fn();
    whenNoAnswer(away);
    let signal: AbortSignal | undefined;
    vi.stubGlobal("fetch", (_: Request, init: RequestInit = {}) => {
      signal = init.signal ?? new AbortController().signal;
      return answer(signal);
    });
    let came: unknown = "nothing";
    node.GET("/api/v1/transactions/{id}", { params: { path: { id: "aa" } } }).then(
      ({ data }) => (came = data),
      (error: unknown) => (came = error),
    );
    await vi.advanceTimersByTimeAsync(after_ms);
    return { came, away, broken: signal?.aborted };
  }

  it("a request that nobody answers fails after half a minute, as where the node is away", async () => {
    const hangs = () => new Promise<Response>(() => undefined);
    expect((await asked(29_000, hangs)).came).toBe("nothing");
    const { came, away, broken } = await asked(31_000, hangs);
    expect(came).toBeInstanceOf(TypeError);
    expect(away).toHaveBeenCalled();
    expect(broken).toBe(true);
  });

  it("so does one whose answer begins and does not end", async () => {
    const endless = () => Promise.resolve(new Response(new ReadableStream(), { headers: JSON_TYPE }));
    const { came, away } = await asked(31_000, endless);
    expect(came).toBeInstanceOf(TypeError);
    expect(away).toHaveBeenCalledOnce();
  });

  it.each([
    [String.raw`{"__proto__":{"record":1}}`, false],
    [String.raw`{"\u005f_proto__":{"record":1}}`, false],
    [String.raw`{"x":"\ud800"}`, false],
    [String.raw`{"x":"a\\\ud800"}`, false],
    [String.raw`{"x":"C:\\users, \"__proto__\": and \u001f"}`, true],
  ])("an answer that screens show otherwise than the rules read it is none: %s", async (text, good) => {
    const { came } = await asked(1_000, () => Promise.resolve(new Response(text, { headers: JSON_TYPE })));
    if (good) expect(came).toEqual(JSON.parse(text));
    else expect(came).toBeInstanceOf((await import("./shape")).Unreadable);
  });

  it("nothing that the browser has kept is taken for an answer", async () => {
    const requests: (RequestInit | undefined)[] = [];
    const { node } = await import("./client");
    vi.stubGlobal("fetch", (_: Request, init?: RequestInit) => {
      requests.push(init);
      return Promise.resolve(new Response("{}", { headers: JSON_TYPE }));
    });
    await node.GET("/api/v1/status");
    expect(requests).toMatchObject([{ cache: "no-cache" }]);
  });

  it("an answer in time is given whole, and nothing is broken off later", async () => {
    const good = () => Promise.resolve(new Response(JSON.stringify({ state: "final" }), { headers: JSON_TYPE }));
    const { came, away, broken } = await asked(60_000, good);
    expect(came).toEqual({ state: "final" });
    expect(away).not.toHaveBeenCalled();
    expect(broken).toBe(false);
  });

  it("whoever asked may leave before", async () => {
    const { inTime } = await import("./inTime");
    const own = new AbortController();
    const left = inTime(
      30_000,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
      own.signal,
    );
    own.abort(new Error("left"));
    await expect(left).rejects.toThrow("left");
    expect(vi.getTimerCount()).toBe(0);
  });
});
