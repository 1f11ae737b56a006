import { beforeEach, expect, it, vi } from "vitest";

/** A stream as browsers have it, driven by hand. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static made: Stream[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) {
    super();
    Stream.made.push(this);
  }
  close(): void {
    this.readyState = Stream.CLOSED;
  }
  tell(name: string, data: unknown, lastEventId = ""): void {
    const text = typeof data === "string" ? data : JSON.stringify(data);
    this.dispatchEvent(new MessageEvent(name, { data: text, lastEventId }));
  }
}

async function listening() {
  const { queries } = await import("./client");
  const { beginToListen } = await import("./events");
  const asked: string[] = [];
  for (const path of ["/api/v1/matches", "/api/v1/players/{player}", "/api/v1/pool/genesis"]) {
    await queries.query({ queryKey: ["get", path], queryFn: () => path });
  }
  queries.getQueryCache().subscribe((event) => {
    if (event.type === "updated" && event.action.type === "invalidate")
      asked.push(String((event.query.queryKey as string[])[1]));
  });
  beginToListen();
  const [stream] = Stream.made;
  if (stream === undefined) throw new Error("no stream");
  return { stream, asked };
}

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  Stream.made = [];
  vi.stubGlobal("EventSource", Stream);
});

it("an event makes old what it changes, and nothing else", async () => {
  const { stream, asked } = await listening();
  stream.tell("result", { code: "PtCh" });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/matches"]);
});

it("a block makes old everything but what never changes, once for many", async () => {
  const { stream, asked } = await listening();
  for (let height = 1; height < 50; height += 1) stream.tell("block", { height });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/matches", "/api/v1/players/{player}"]);
});

it("the first event makes old only what rests on another tip, or what is on its way", async () => {
  const { hear } = await import("./heard");
  const { stream, asked } = await listening();
  const answer = { text: "{}", now_s: undefined, final: undefined, sent_ms: 0, came_s: 0 };
  hear({ ...answer, path: "/api/v1/matches?limit=500", schemaPath: "/api/v1/matches", tip: "new" });
  hear({ ...answer, path: "/api/v1/players/Ana", schemaPath: "/api/v1/players/{player}", tip: "old" });
  stream.tell("tip", { hash: "new" });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/players/{player}"]);
  stream.tell("tip", { hash: "new" });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/players/{player}", "/api/v1/matches"]);
});

it("what is no event of the node's does nothing", async () => {
  const { stream, asked } = await listening();
  stream.tell("block", "{");
  stream.tell("unknown", {});
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual([]);
});

it("a stream that ends is opened again, later each time, and not all the time", async () => {
  const { stream } = await listening();
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(Stream.made).toHaveLength(2);
  Stream.made[1]?.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(Stream.made).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1000);
  expect(Stream.made).toHaveLength(3);
  Stream.made[2]?.onopen?.();
  Stream.made[2]?.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(Stream.made).toHaveLength(4);
});

it("after a cut nothing is missed, and nothing asked twice", async () => {
  const { stream, asked } = await listening();
  stream.tell("tip", { hash: "new" }, "7-a-1");
  await vi.advanceTimersByTimeAsync(200);
  asked.length = 0;
  stream.tell("transaction", {}, "7-a-2");
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  const again = Stream.made[1];
  expect(again?.url).toBe("/api/v1/events?after=7-a-2");
  again?.tell("resumed", { missed: 0 });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual([]);
  // The next cut: it still rests on what it heard last.
  again?.onerror?.();
  await vi.advanceTimersByTimeAsync(2000);
  const third = Stream.made[2];
  expect(third?.url).toBe("/api/v1/events?after=7-a-2");
  third?.tell("resumed", { missed: 1 });
  third?.tell("result", { code: "PtCh" }, "8-a-3");
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/matches"]);
});

it("a node that does not know what was missed has everything asked again", async () => {
  const { stream, asked } = await listening();
  stream.tell("tip", { hash: "new" }, "7-a-1");
  await vi.advanceTimersByTimeAsync(200);
  asked.length = 0;
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  Stream.made[1]?.tell("resync", { hash: "new" }, "7-b-0");
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/matches", "/api/v1/players/{player}"]);
  Stream.made[1]?.onerror?.();
  await vi.advanceTimersByTimeAsync(2000);
  expect(Stream.made[2]?.url).toBe("/api/v1/events?after=7-b-0");
});

it("a stream that may be dead is opened anew when a request gets no answer, but not all the time", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await listening();
  const { node } = await import("./client");
  await node.GET("/api/v1/pool").catch(() => undefined);
  expect(Stream.made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(6000);
  await node.GET("/api/v1/pool").catch(() => undefined);
  await node.GET("/api/v1/pool").catch(() => undefined);
  expect(Stream.made).toHaveLength(2);
});

it("a long list that is on its way comes to its end, and is asked once more", async () => {
  const { stream } = await listening();
  const { queries } = await import("./client");
  const { QueryObserver } = await import("@tanstack/react-query");
  let begun = 0;
  let ended = 0;
  const list = async ({ signal }: { signal: AbortSignal }) => {
    begun += 1;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (!signal.aborted) ended += 1;
    return begun;
  };
  const observer = new QueryObserver(queries, { queryKey: ["get", "/api/v1/players"], queryFn: list });
  const leave = observer.subscribe(() => undefined);
  for (let height = 1; height <= 5; height += 1) {
    await vi.advanceTimersByTimeAsync(180);
    stream.tell("block", { height });
  }
  expect(begun).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(ended).toBe(begun);
  expect(begun).toBeGreaterThan(1);
  expect(begun).toBeLessThan(5);
  leave();
});

it("in a large pool browsers do not all ask at the same moment", async () => {
  const { stream, asked } = await listening();
  const { queries } = await import("./client");
  const { poolOptions } = await import("./queries");
  queries.setQueryData<object>(poolOptions().queryKey, { totals: { players: 10_000 } });
  vi.spyOn(Math, "random").mockReturnValue(0.5);
  stream.tell("result", { code: "PtCh" });
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual(["/api/v1/matches"]);
});

it("a transaction that waits changes nothing of the players", async () => {
  const { stream, asked } = await listening();
  stream.tell("transaction", {});
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual([]);
});

it.each([
  ["answers, and is asked by time", () => Promise.resolve(new Response("{}")), true],
  ["is away", () => Promise.reject(new TypeError("Failed to fetch")), false],
])("a node that refuses streams %s", async (_, fetch, near) => {
  vi.stubGlobal("fetch", fetch);
  const { stream, asked } = await listening();
  const { renderHook } = await import("@testing-library/react");
  const { useNear } = await import("./events");
  const { result } = renderHook(() => useNear());
  stream.onerror?.();
  await vi.advanceTimersByTimeAsync(1000);
  expect(result.current).toBeUndefined();
  Stream.made[1]?.onerror?.();
  await vi.advanceTimersByTimeAsync(1500);
  expect(result.current).toBe(near);
  expect(asked.length > 0).toBe(near);
});

it("a live score makes old what is live, and no table", async () => {
  const { stream, asked } = await listening();
  const { queries } = await import("./client");
  for (const path of ["/api/v1/live", "/api/v1/live/standings", "/api/v1/standings", "/api/v1/sources"])
    await queries.query({ queryKey: ["get", path], queryFn: () => path });
  stream.tell("live", { items: [] });
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toEqual(["/api/v1/live", "/api/v1/live/standings"]);
  stream.tell("sources", {});
  await vi.advanceTimersByTimeAsync(200);
  expect(asked.slice(2)).toEqual(["/api/v1/sources"]);
});
