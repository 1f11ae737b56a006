import { QueryObserver, type QueryKey } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { EventName } from "../node/events";
import type { At, Checked } from "../rules";

const check_ = vi.fn<() => Promise<Checked>>();
const ask = vi.fn<(path: string, at: At) => Promise<string | null>>();
const partly = vi.fn<(path: string) => Promise<string | true | null>>();
const keepBook = vi.fn<(leaving: boolean) => Promise<void>>();
const forgetBook = vi.fn<() => Promise<void>>();
const rules = {
  check: check_,
  keepBook,
  forgetBook,
  ask,
  partly,
  openPool: () => Promise.resolve({}),
};

vi.mock("../keys/signer", () => ({ openedPool: () => Promise.resolve({ rules, pool: {} }) }));

let event: (name: string) => void = () => undefined;
vi.mock(import("../node/events"), async (original) => ({
  ...(await original()),
  hear: (listener) => {
    event = (name) => listener(name as EventName, {});
    return () => undefined;
  },
}));

const chain = (tip: string): Checked => ({
  tip,
  height: 3,
  final: 0,
  final_hash: "",
  work: "0".repeat(64),
  transactions: 1,
  accounts: 2,
  bets: 0,
  matches: 1,
  clock: 0,
  address: null,
});

class RulesError extends Error {
  code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const POOL = "/api/v1/pool";
const MATCHES = "/api/v1/matches?limit=500";
const TABLE = "/api/v1/standings?limit=500";
const GAME = "/api/v1/matches/PtEs";
const LIVE = "/api/v1/live";
const LIVE_TABLE = "/api/v1/live/standings";

const bruno = (points: number) =>
  JSON.stringify({ items: [{ place: 1, player: { account: "b", name: "bruno" }, points }], players: 1 });
const LIE = "This computer gives the points of bruno as 12; the chain says 11.";

/** What the chain says, by path. */
let truth: Record<string, string>;
type Answer = string | number | (() => Promise<string>);
/** What the node says instead: a text, or a status alone. */
let lies: Record<string, Answer>;
let headers: Record<string, string>;
let asked: string[];

const pathOf = (request: Request): string => request.url.slice(location.origin.length);

async function answer(request: Request): Promise<Response> {
  const path = pathOf(request);
  asked.push(path);
  const lie = lies[path] ?? truth[path];
  const said = typeof lie === "function" ? await lie() : (lie ?? 404);
  const [text, status] =
    typeof said === "number" ? [JSON.stringify({ code: "x", detail: "", status: said }), said] : [said, 200];
  return new Response(text, { status, headers: { "content-type": "application/json", ...headers } });
}

/** Fails at first, then gives something else. */
const first = (one: string, then: () => Promise<string>) => {
  let times = 0;
  return () => ((times += 1) === 1 ? Promise.resolve(one) : then());
};
const never = () => new Promise<string>(() => undefined);

/** What was asked of the book for a comparison: the log is read besides, for what is told of organisers. */
const compared = (): string[] => ask.mock.calls.map(([path]) => path).filter((path) => !path.startsWith("/api/v1/log"));

async function ready(transactions = 10, consensus = "pow") {
  truth[POOL] = JSON.stringify({ id: "pool", totals: { players: 2, transactions }, consensus });
  return import("./check");
}

/** A screen that shows the answer to this, until it is left. */
async function screen(options: { queryKey: QueryKey }): Promise<() => void> {
  const { queries } = await import("../node/client");
  const observer = new QueryObserver(queries, options);
  return observer.subscribe(() => undefined);
}

async function showsGame(): Promise<() => void> {
  const { matchOptions } = await import("../node/queries");
  return screen({ ...matchOptions("PtEs"), retry: false } as never);
}

const isAlarm = (it: typeof import("./check"), path: string) =>
  expect([...it.differences.get().keys()]).toEqual([path]);

describe("the standing check", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
    truth = {
      [MATCHES]: JSON.stringify({ items: [] }),
      [TABLE]: bruno(11),
      [GAME]: JSON.stringify({ no: 1, code: "PtEs" }),
      [LIVE]: JSON.stringify({ items: [] }),
      [LIVE_TABLE]: JSON.stringify({ items: [] }),
    };
    lies = {};
    headers = {};
    asked = [];
    check_.mockReset().mockResolvedValue(chain("a"));
    ask.mockReset().mockImplementation((path) => Promise.resolve(path === LIVE ? null : (truth[path] ?? null)));
    partly.mockReset().mockImplementation((path) => Promise.resolve(path === LIVE ? true : null));
    keepBook.mockReset().mockResolvedValue();
    forgetBook.mockReset().mockResolvedValue();
    vi.stubGlobal("fetch", answer);
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("says nothing of what it has not compared yet", async () => {
    const it = await ready();
    let own: (text: string) => void = () => undefined;
    ask.mockReturnValueOnce(new Promise((resolve) => (own = resolve)));
    const done = it.checkNow();
    await vi.waitFor(() => expect(ask).toHaveBeenCalled(), 10_000);
    expect(it.last.get()).toBeUndefined();
    own(truth[compared()[0] ?? ""] ?? "{}");
    await done;
    expect(it.last.get()).toMatchObject({ checked: { tip: "a" }, table: true });
    expect(it.check.get()).toEqual({ is: "done" });
    expect(compared()).toEqual([MATCHES, TABLE]);
  });

  it("keeps what it has checked, and nothing from which it makes another answer than it is told", async () => {
    const it = await ready();
    await it.checkNow();
    await vi.waitFor(() => expect(keepBook).toHaveBeenCalledWith(false), 10_000);
    expect(forgetBook).not.toHaveBeenCalled();
    keepBook.mockClear();
    lies[TABLE] = () => Promise.resolve(bruno(99));
    const { queries } = await import("../node/client");
    await queries.invalidateQueries();
    await it.checkNow();
    isAlarm(it, TABLE);
    expect(forgetBook).toHaveBeenCalled();
    expect(keepBook).not.toHaveBeenCalled();
  });

  it("compares every answer that a screen shows, byte for byte, and none that no screen shows any more", async () => {
    const it = await ready();
    const leave = await showsGame();
    await it.checkNow();
    expect(compared()).toContain(GAME);
    expect(it.differences.get().size).toBe(0);
    lies[GAME] = '{"no":1, "code":"PtEs"}';
    const { queries } = await import("../node/client");
    await queries.invalidateQueries();
    await it.checkNow();
    isAlarm(it, GAME);
    leave();
    lies = {};
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    ask.mockClear();
    await it.checkNow();
    expect(compared()).toEqual([MATCHES, TABLE]);
  });

  it("takes an answer that the chain has not for a lie, and cares for nothing that the node says not to have", async () => {
    const it = await ready();
    const leave = await showsGame();
    ask.mockImplementation((path) =>
      path === GAME ? Promise.reject(new RulesError("not-found", "no match")) : Promise.resolve(truth[path] ?? null),
    );
    await it.checkNow();
    isAlarm(it, GAME);
    leave();
    vi.resetModules();
    const fresh = await ready();
    lies[GAME] = 404;
    await showsGame();
    await fresh.checkNow();
    expect(fresh.check.get()).toEqual({ is: "done" });
    expect(fresh.differences.get().size).toBe(0);
  });

  it("is not done where the node says that it has not what the chain has", async () => {
    const it = await ready();
    lies[GAME] = 404;
    await showsGame();
    await it.checkNow();
    expect(it.check.get()).toMatchObject({ is: "failed", part: true });
  });

  it("takes an empty answer for none: what a screen shows stays what it was", async () => {
    const it = await ready();
    lies[GAME] = first('{"no":1,"code":"Lie"}', () => Promise.resolve(""));
    await showsGame();
    for (let pass = 0; pass < 3; pass += 1) {
      await it.checkNow();
      expect(it.check.get().is).not.toBe("done");
    }
  });

  it("asks by the time and the final block that the answer names, and notices another time", async () => {
    const it = await ready();
    const now_s = Math.floor(Date.now() / 1000);
    headers = { "bolao-now": String(now_s - 100), "bolao-final": "7" };
    await it.checkNow();
    expect(ask).toHaveBeenCalledWith(TABLE, { now: now_s - 100, final: 7, live: [] });
    expect(it.differences.get().size).toBe(0);
    headers = { "bolao-now": String(now_s - 3600) };
    const { queries } = await import("../node/client");
    await queries.invalidateQueries();
    await it.checkNow();
    expect(it.differences.get().get(TABLE)?.sentence).toMatch(/from another time/);
  });

  it("compares live scores by what organisers have signed, and the table by the scores", async () => {
    const it = await ready();
    const { liveTableOptions, livesOptions } = await import("../node/live");
    truth[LIVE] = JSON.stringify({
      items: [{ match: { no: 4, code: "x" }, home: 2, away: 1, at: "2030-01-01T00:00:00Z", from: "Ana", word: {} }],
    });
    await screen(livesOptions());
    await screen(liveTableOptions());
    await it.checkNow();
    expect(ask).toHaveBeenLastCalledWith(LIVE_TABLE, expect.objectContaining({ live: [[4, { home: 2, away: 1 }]] }));
    expect(it.check.get()).toEqual({ is: "done" });
    partly.mockResolvedValue("Nobody has signed 2–1.");
    await it.checkNow();
    expect(it.differences.get().get(LIVE)?.sentence).toBe("Nobody has signed 2–1.");
  });

  it("is not sure of a table by scores that change all the time", async () => {
    const it = await ready();
    const { liveTableOptions } = await import("../node/live");
    let minute = 0;
    lies[LIVE] = () =>
      Promise.resolve(
        JSON.stringify({
          items: [
            {
              match: { no: 4, code: "x" },
              home: 0,
              away: 0,
              minute: (minute += 1),
              at: "2030-01-01T00:00:00Z",
              from: "x",
            },
          ],
        }),
      );
    lies[LIVE_TABLE] = JSON.stringify({ items: [], tip: "lie" });
    await screen(liveTableOptions());
    await it.checkNow();
    expect(it.check.get()).toEqual({ is: "unsure" });
    expect(it.differences.get().size).toBe(0);
  });

  it("compares every page of a list, and none that the list had before", async () => {
    const it = await ready();
    const { votesOptions } = await import("../node/queries");
    const { queries } = await import("../node/client");
    const at = (cursor: string) => `/api/v1/votes?limit=500&cursor=${cursor}`;
    const page = (next_cursor?: string) => JSON.stringify({ items: [], next_cursor });
    Object.assign(truth, { "/api/v1/votes?limit=500": page("a"), [at("a")]: page() });
    await screen(votesOptions());
    await it.checkNow();
    expect(compared()).toContain(at("a"));
    Object.assign(truth, { "/api/v1/votes?limit=500": page("b"), [at("b")]: page(), [at("a")]: "another" });
    ask.mockClear();
    await it.checkNow();
    expect(compared()).toContain(at("b"));
    expect(it.check.get()).toEqual({ is: "done" });
    lies[at("b")] = page("c");
    Object.assign(truth, { [at("c")]: page() });
    await queries.invalidateQueries();
    await it.checkNow();
    isAlarm(it, at("b"));
  });

  it("leaves what it has said before where the comparison cannot be done", async () => {
    const it = await ready();
    ask.mockRejectedValue(new RulesError("rules-ended", "broke down"));
    await it.checkNow();
    expect(it.last.get()).toBeUndefined();
    expect(it.check.get()).toMatchObject({ is: "failed" });
    expect(it.broken.get()).toBeUndefined();
  });

  it("keeps saying that the book is wrong while the node is away, until it has given a good one", async () => {
    const it = await ready();
    await it.checkNow();
    check_.mockRejectedValueOnce(new RulesError("broken-chain", "block 3 is forged"));
    await it.checkNow();
    expect(it.broken.get()).toBe("block 3 is forged");
    check_.mockRejectedValueOnce(new RulesError("away", "503"));
    const again = it.checkNow();
    expect(it.check.get()).toMatchObject({ is: "running" });
    expect(it.broken.get()).toBe("block 3 is forged");
    await again;
    expect(it.broken.get()).toBe("block 3 is forged");
    await it.checkNow();
    expect(it.broken.get()).toBeUndefined();
  });

  it("keeps a difference while blocks come too fast, and does not say that it has checked", async () => {
    vi.useFakeTimers();
    const it = await ready();
    const run = async () => {
      const done = it.checkNow();
      await vi.advanceTimersByTimeAsync(20_000);
      await done;
    };
    lies[TABLE] = bruno(12);
    await run();
    isAlarm(it, TABLE);
    let tip = 0;
    check_.mockImplementation(() => Promise.resolve(chain(`b${++tip}`)));
    const before = it.last.get();
    await run();
    expect(it.check.get()).toEqual({ is: "unsure" });
    isAlarm(it, TABLE);
    expect(it.last.get()).toBe(before);
    lies = {};
    await run();
    expect(it.differences.get().size).toBe(0);
  });

  it("does not cry over an answer from before a block", async () => {
    const it = await ready();
    lies[TABLE] = first(bruno(10), () => Promise.resolve(bruno(11)));
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    expect(it.check.get()).toEqual({ is: "done" });
    const { queries } = await import("../node/client");
    const { standingsOptions } = await import("../node/queries");
    expect(queries.getQueryData(standingsOptions({}).queryKey)).toEqual(JSON.parse(bruno(11)));
  });

  it("compares the table of a pool that the node says to be large", async () => {
    truth[POOL] = JSON.stringify({ id: "pool", totals: { players: 10_000 } });
    const it = await ready();
    await it.checkNow();
    expect(compared()).toContain(TABLE);
    expect(it.last.get()?.table).toBe(true);
  });

  it("of a large pool compares the table only where it is shown", async () => {
    check_.mockResolvedValue({ ...chain("a"), accounts: 10_000 });
    const it = await ready();
    await it.checkNow();
    expect(compared()).toEqual([MATCHES]);
    expect(it.last.get()?.table).toBe(false);
    const { standingsOptions } = await import("../node/queries");
    const leave = await screen(standingsOptions({}));
    await it.checkNow();
    expect(compared()).toContain(TABLE);
    expect(it.last.get()?.table).toBe(true);
    leave();
    ask.mockClear();
    await it.checkNow();
    expect(compared()).toEqual([MATCHES]);
  });

  it("gives its own answer, whatever the node says: of a list every page", async () => {
    const it = await ready();
    lies[GAME] = JSON.stringify({ no: 7 });
    expect(await it.own(GAME, false)).toEqual({ no: 1, code: "PtEs" });
    const page = (item: number, next_cursor?: string) => JSON.stringify({ items: [item], next_cursor });
    Object.assign(truth, { "/v?limit=500": page(1, "a b"), "/v?limit=500&cursor=a%20b": page(2) });
    expect(await it.own("/v?limit=500", true)).toMatchObject({ items: [1, 2] });
    expect(asked).not.toContain(GAME);
  });

  it("gives none where the book cannot be read, has no such thing, or is not asked for that", async () => {
    const it = await ready();
    expect(await it.own("/api/v1/status", true)).toBeUndefined();
    ask.mockImplementation((path) =>
      path === GAME ? Promise.reject(new RulesError("not-found", "no match")) : Promise.resolve(truth[path] ?? null),
    );
    expect(await it.own(GAME, true)).toBeUndefined();
    check_.mockRejectedValue(new RulesError("away", "503"));
    expect(await it.own(GAME, true)).toBeUndefined();
    expect(await it.readToEnd(true)).toBeUndefined();
  });

  it("gives the rules to who waits for the book as soon as it is read, before anything is compared", async () => {
    const it = await ready();
    ask.mockReturnValueOnce(new Promise(() => undefined));
    expect(await it.readToEnd(false)).toBe(rules);
    expect(it.last.get()).toBeUndefined();
  });

  it("does not read a long book for that over a connection that costs, unless its owner says so", async () => {
    vi.stubGlobal("navigator", { connection: { saveData: true } });
    const it = await ready(100_000);
    expect(await it.own(GAME, false)).toBeUndefined();
    expect(check_).not.toHaveBeenCalled();
    expect(await it.own(GAME, true)).toBeDefined();
  });

  /** The page stands and was checked. */
  async function standing() {
    vi.useFakeTimers();
    const it = await ready();
    const state = await import("./state");
    it.beginToCheck();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(state.shown().looks).toBe("good");
    return { it, state };
  }

  it("compares what screens show since, whatever had it asked again, and compares it once", async () => {
    const { it } = await standing();
    const { queries } = await import("../node/client");
    const { standingsOptions } = await import("../node/queries");
    await screen(standingsOptions({}));
    lies[TABLE] = bruno(12);
    await queries.invalidateQueries(standingsOptions({}));
    await vi.advanceTimersByTimeAsync(1_000);
    isAlarm(it, TABLE);
    expect(it.differences.get().get(TABLE)).toMatchObject({ what: "points", sentence: LIE });
    const { calls } = ask.mock;
    const then = calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toHaveLength(then);
  });

  it("compares what a screen shows that is opened later", async () => {
    const { it } = await standing();
    lies[GAME] = JSON.stringify({ no: 1, code: "EsPt" });
    await showsGame();
    await vi.advanceTimersByTimeAsync(1_000);
    isAlarm(it, GAME);
  });

  it("compares what was asked for before a screen shows it", async () => {
    const { it } = await standing();
    const { queries } = await import("../node/client");
    const { matchOptions } = await import("../node/queries");
    lies[GAME] = JSON.stringify({ no: 1, code: "EsPt" });
    await queries.query(matchOptions("PtEs"));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(compared()).not.toContain(GAME);
    await showsGame();
    await vi.advanceTimersByTimeAsync(1_000);
    isAlarm(it, GAME);
  });

  it("has what an earlier visit kept asked for again before it is green over it", async () => {
    const { it } = await standing();
    const { queries } = await import("../node/client");
    const { matchOptions } = await import("../node/queries");
    queries.setQueryData(matchOptions("PtEs").queryKey, { no: 9 });
    await showsGame();
    await it.checkNow();
    expect(asked).toContain(GAME);
    expect(queries.getQueryData(matchOptions("PtEs").queryKey)).toEqual({ no: 1, code: "PtEs" });
    expect(compared()).toContain(GAME);
  });

  it("keeps up while events come all the time", async () => {
    await standing();
    check_.mockClear();
    for (let at = 0; at < 20; at += 1) {
      event("lagged");
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(check_.mock.calls.length).toBeGreaterThan(2);
  });

  it("is green no longer than three seconds while the node gives no book", async () => {
    const { it, state } = await standing();
    check_.mockReturnValue(new Promise(() => undefined));
    void it.checkNow();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(state.shown().looks).toBe("good");
    await vi.advanceTimersByTimeAsync(200);
    expect(state.shown()).toMatchObject({ looks: "plain", now: { is: "running" } });
  });

  it("is not green where a number differs and the second answer never comes", async () => {
    const { it, state } = await standing();
    lies[GAME] = first(JSON.stringify({ no: 1, code: "EsPt" }), never);
    await showsGame();
    await vi.advanceTimersByTimeAsync(12_000);
    expect(state.shown()).toMatchObject({ looks: "plain", now: { is: "unsure" } });
    expect(it.differences.get().size).toBe(0);
  });

  it("compares the other answers where one does not come, and is not green", async () => {
    const { it, state } = await standing();
    lies[GAME] = 400;
    lies[MATCHES] = JSON.stringify({ items: [], next_cursor: null });
    await showsGame();
    const { queries } = await import("../node/client");
    const { matchesOptions } = await import("../node/queries");
    await queries.invalidateQueries(matchesOptions());
    await vi.advanceTimersByTimeAsync(1_000);
    isAlarm(it, MATCHES);
    const before = it.last.get();
    lies = { [GAME]: 400 };
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    expect(state.shown()).toMatchObject({ looks: "plain", now: { is: "failed", part: true } });
    expect(it.last.get()).toBe(before);
  });

  it("is green although the node does not say something that is its own word", async () => {
    const { state } = await standing();
    lies["/api/v1/status"] = 400;
    const { statusOptions } = await import("../node/queries");
    await screen(statusOptions());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(state.shown().looks).toBe("good");
  });

  it("tries again by itself what came to no good end", async () => {
    const { it, state } = await standing();
    check_.mockRejectedValueOnce(new RulesError("away", "503"));
    await it.checkNow();
    expect(state.shown().looks).toBe("plain");
    await vi.advanceTimersByTimeAsync(31_000);
    expect(state.shown().looks).toBe("good");
  });

  it("is not green over what the rules could not compare", async () => {
    const { state } = await standing();
    ask.mockImplementation((path) =>
      path === GAME ? Promise.reject(new RulesError("bad-request", "too long")) : Promise.resolve(truth[path] ?? null),
    );
    await showsGame();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.shown().looks).toBe("plain");
  });

  it("says that the book is an older one until it is not", async () => {
    const { it, state } = await standing();
    check_.mockRejectedValueOnce(new RulesError("behind", "ends at block 2"));
    await it.checkNow();
    expect(state.withheld.get()).toBe("older");
    expect(state.shown().looks).toBe("plain");
    expect(it.broken.get()).toBeUndefined();
    await it.checkNow();
    expect(state.withheld.get()).toBeUndefined();
    expect(state.shown().looks).toBe("good");
  });

  it("knows the best book that it has read after the page is loaded again", async () => {
    await standing();
    const work = "0".repeat(64);
    expect(check_).toHaveBeenLastCalledWith({ named: [], seen: null, best: null }, expect.anything());
    vi.resetModules();
    const { it } = await standing();
    const before = (height: number, hash: string, tip: string) => ({
      named: [],
      seen: { height, hash },
      best: { work, tip },
    });
    expect(check_).toHaveBeenLastCalledWith(before(0, "", "a"), expect.anything());
    check_.mockResolvedValue({ ...chain("b"), final: 2, final_hash: "f" });
    await it.checkNow();
    await it.checkNow();
    expect(check_).toHaveBeenLastCalledWith(before(2, "f", "b"), expect.anything());
  });

  it("says that the book is cut off when it was so thrice, for more than a minute", async () => {
    const { it, state } = await standing();
    check_.mockRejectedValue(new RulesError("cut-off", "the chain ends in a record"));
    await it.checkNow();
    await it.checkNow();
    await it.checkNow();
    expect(state.withheld.get()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(95_000);
    expect(state.withheld.get()).toBe("cut");
  });

  it("keeps what was wrong, when and what, after the node says the truth", async () => {
    const { it, state } = await standing();
    const { queries } = await import("../node/client");
    lies[TABLE] = bruno(12);
    await queries.invalidateQueries();
    await it.checkNow();
    await it.checkNow();
    expect(it.differences.get().size).toBe(1);
    lies = {};
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    expect(state.wrongs.get()).toEqual([{ at_s: Date.now() / 1000, sentence: LIE }]);
  });
});
