import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Shapes } from "../node/client";
import type { Checked, Compared, Difference } from "../rules";

const difference: Difference = { what: "points", node: "12", own: "11", sentence: "bruno has 11" };
const lie: Compared = { state: "different", difference };

const check_ = vi.fn<() => Promise<Checked>>();
const compare = vi.fn<(of: { route: string }) => Promise<Compared>>();
let player: { account: string } | undefined;
let booked = 0;
const order = () => Promise.resolve({ booked, next: booked, whole: true });
const rules = {
  told: () => Promise.resolve([]),
  check: check_,
  compare,
  order,
  openPool: () => Promise.resolve({}),
};

vi.mock("../keys/signer", () => ({ openedPool: () => Promise.resolve({ rules, pool: {} }) }));
vi.mock("../keys/player", () => ({ playerOf: () => player }));

let event: (name: string) => void = () => undefined;
vi.mock("../node/events", () => ({
  hear: (listener: typeof event) => {
    event = listener;
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

let players = 2;
let transactions = 10;

async function ready() {
  const { queries } = await import("../node/client");
  const { poolOptions, standingsOptions, matchesOptions } = await import("../node/queries");
  const pool = { id: "pool", totals: { players, transactions } } as Shapes["PoolBody"];
  await queries.query({ ...poolOptions(), queryFn: () => pool });
  await queries.query({
    ...standingsOptions({}),
    queryFn: () => ({ items: [] }) as unknown as Shapes["StandingsBody"],
  });
  await queries.query({ ...matchesOptions(), queryFn: () => [{ no: 1 } as Shapes["MatchBody"]] });
  return import("./check");
}

const asked = (): string[] => compare.mock.calls.map(([of]) => of.route);
const keepers = (read = () => Promise.resolve([{ of: { route: "openings" as const }, body: {} }])) => ({
  id: "keepers",
  read,
});

describe("the standing check", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
    players = 2;
    transactions = 10;
    player = undefined;
    booked = 0;
    check_.mockReset().mockResolvedValue(chain("a"));
    compare.mockReset().mockResolvedValue({ state: "equal" });
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it("says nothing of what it has not compared yet", async () => {
    const it = await ready();
    let answer: (compared: Compared) => void = () => undefined;
    compare.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const done = it.checkNow();
    await vi.waitFor(() => expect(compare).toHaveBeenCalled());
    expect(it.last.get()).toBeUndefined();
    answer({ state: "equal" });
    await done;
    expect(it.last.get()).toMatchObject({ checked: { tip: "a" }, table: true });
    expect(it.check.get()).toEqual({ is: "done" });
  });

  it("of whoever waits to be let in compares nothing, and of a player who is in, the tips", async () => {
    const it = await ready();
    player = { account: "ana" };
    await it.checkNow();
    expect(it.check.get()).toEqual({ is: "done" });
    expect(asked()).not.toContain("player-bets");
    const { queries } = await import("../node/client");
    const { playerBetsOptions } = await import("../node/queries");
    queries.setQueryData(playerBetsOptions("ana").queryKey, []);
    booked = 1;
    await it.checkNow();
    expect(asked()).toContain("player-bets");
  });

  it("leaves what it has said before where the comparison cannot be done", async () => {
    const it = await ready();
    compare.mockRejectedValue(new RulesError("rules-ended", "broke down"));
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
    const table = (compared: Compared) =>
      compare.mockImplementation((of) => Promise.resolve(of.route === "standings" ? compared : { state: "equal" }));
    const run = async () => {
      const done = it.checkNow();
      await vi.advanceTimersByTimeAsync(20_000);
      await done;
    };
    table(lie);
    const { queries } = await import("../node/client");
    vi.spyOn(queries, "query").mockImplementation((options: { queryKey: readonly unknown[] }) =>
      Promise.resolve(queries.getQueryData(options.queryKey)),
    );
    await run();
    expect([...it.differences.get().keys()]).toEqual(["standings"]);
    let tip = 0;
    check_.mockImplementation(() => Promise.resolve(chain(`b${++tip}`)));
    const before = it.last.get();
    await run();
    expect(it.check.get()).toEqual({ is: "unsure" });
    expect([...it.differences.get().keys()]).toEqual(["standings"]);
    expect(it.last.get()).toBe(before);
    table({ state: "equal" });
    await run();
    expect(it.differences.get().size).toBe(0);
    vi.useRealTimers();
  });

  it("compares the table of a pool that the node says to be large", async () => {
    players = 10_000;
    const it = await ready();
    await it.checkNow();
    expect(asked()).toContain("standings");
    expect(it.last.get()?.table).toBe(true);
  });

  it("of a large pool compares the table only where it is shown", async () => {
    check_.mockResolvedValue({ ...chain("a"), accounts: 10_000 });
    const it = await ready();
    await it.checkNow();
    expect(asked()).toEqual(["matches"]);
    expect(it.last.get()?.table).toBe(false);
    const leave = it.ask({
      id: "standings",
      read: () => Promise.resolve([{ of: { route: "standings", stage: null }, body: {} }]),
    });
    await it.checkNow();
    expect(asked()).toContain("standings");
    expect(it.last.get()?.table).toBe(true);
    leave();
    compare.mockClear();
    await it.checkNow();
    expect(asked()).toEqual(["matches"]);
  });

  it("says whether the book agrees with an answer, and tells aloud what differs", async () => {
    const it = await ready();
    expect(await it.agrees(keepers(), false)).toBe(true);
    compare.mockImplementation((of) => Promise.resolve(of.route === "openings" ? lie : { state: "equal" }));
    expect(await it.agrees(keepers(), false)).toBe(false);
    expect(it.differences.get().get("keepers")).toEqual(difference);
    compare.mockResolvedValue({ state: "equal" });
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    check_.mockRejectedValue(new RulesError("away", "503"));
    expect(await it.agrees(keepers(), false)).toBe(false);
  });

  it("gives the rules to who waits for the book as soon as it is read, before anything is compared", async () => {
    const it = await ready();
    compare.mockReturnValueOnce(new Promise(() => undefined));
    expect(await it.readToEnd(false)).toBe(rules);
    expect(it.last.get()).toBeUndefined();
  });

  it("gives none where the book cannot be read", async () => {
    const it = await ready();
    check_.mockRejectedValue(new RulesError("away", "503"));
    expect(await it.readToEnd(true)).toBeUndefined();
  });

  it("goes on comparing what a screen shows, after the same was asked for once", async () => {
    const it = await ready();
    it.ask(keepers());
    await it.agrees(keepers(), true);
    compare.mockClear();
    await it.checkNow();
    expect(asked()).toContain("openings");
  });

  it("reads the answer of each who waits for the same", async () => {
    const it = await ready();
    const read = vi.fn(keepers().read);
    const [first, second] = [vi.fn(read), vi.fn(read)];
    const both = [first, second].map((each) => it.agrees({ id: "keepers", read: each }, true));
    expect(await Promise.all(both)).toEqual([true, true]);
    expect(first).toHaveBeenCalled();
    expect(second).toHaveBeenCalled();
    // What goes on is over before the next test.
    await it.checkNow();
  });

  it("does not read a long book for that over a connection that costs, unless its owner says so", async () => {
    vi.stubGlobal("navigator", { connection: { saveData: true } });
    transactions = 100_000;
    const it = await ready();
    expect(await it.agrees(keepers(), false)).toBe(false);
    expect(check_).not.toHaveBeenCalled();
    expect(await it.agrees(keepers(), true)).toBe(true);
    vi.unstubAllGlobals();
  });

  /** The page stands and was checked. */
  async function standing() {
    vi.useFakeTimers();
    const it = await ready();
    const state = await import("./state");
    const { queries } = await import("../node/client");
    const shown = (key: readonly unknown[]) => Promise.resolve(queries.getQueryData(key));
    vi.spyOn(queries, "query").mockImplementation(({ queryKey }: { queryKey: readonly unknown[] }) => shown(queryKey));
    it.beginToCheck();
    await vi.advanceTimersByTimeAsync(7_000);
    expect(state.shown().looks).toBe("good");
    return { it, state, queries };
  }

  it("compares what screens show since, whatever had it asked again, and compares it once", async () => {
    const { it, queries } = await standing();
    const { standingsOptions } = await import("../node/queries");
    compare.mockImplementation((of) => Promise.resolve(of.route === "standings" ? lie : { state: "equal" }));
    queries.setQueryData(standingsOptions({}).queryKey, { items: [1] } as unknown as Shapes["StandingsBody"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([...it.differences.get().keys()]).toEqual(["standings"]);
    const { calls } = compare.mock;
    const then = calls.length;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(calls).toHaveLength(then);
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
    compare.mockImplementation((of) => Promise.resolve(of.route === "openings" ? lie : { state: "equal" }));
    it.ask({
      id: "score",
      read: (fresh) =>
        fresh ? new Promise(() => undefined) : Promise.resolve([{ of: { route: "openings" as const }, body: {} }]),
    });
    await vi.advanceTimersByTimeAsync(12_000);
    expect(state.shown()).toMatchObject({ looks: "plain", now: { is: "unsure" } });
  });

  it("compares the other answers where one does not come, and is not green", async () => {
    const { it, state } = await standing();
    it.ask({ id: "first", read: () => Promise.reject(new Error("400")) });
    it.ask(keepers());
    compare.mockImplementation((of) => Promise.resolve(of.route === "openings" ? lie : { state: "equal" }));
    await vi.advanceTimersByTimeAsync(1_000);
    expect([...it.differences.get().keys()]).toEqual(["keepers"]);
    const before = it.last.get();
    compare.mockResolvedValue({ state: "equal" });
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    expect(state.shown()).toMatchObject({ looks: "plain", now: { is: "failed", part: true } });
    expect(it.last.get()).toBe(before);
  });

  it("tries again by itself what came to no good end", async () => {
    const { it, state } = await standing();
    check_.mockRejectedValueOnce(new RulesError("away", "503"));
    await it.checkNow();
    expect(state.shown().looks).toBe("plain");
    await vi.advanceTimersByTimeAsync(31_000);
    expect(state.shown().looks).toBe("good");
  });

  it("cares for no round that is not there", async () => {
    const { it, state } = await standing();
    const { Absent } = await import("./reads");
    it.ask({ id: "grid nonsense", read: () => Promise.reject(new Absent("404")) });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(state.shown().looks).toBe("good");
  });

  it("is not green over what the rules could not compare", async () => {
    const { it, state } = await standing();
    compare.mockImplementation((of) =>
      of.route === "openings"
        ? Promise.reject(new RulesError("bad-question", "stage: too long"))
        : Promise.resolve({ state: "equal" }),
    );
    it.ask(keepers());
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
    compare.mockImplementation((of) => Promise.resolve(of.route === "standings" ? lie : { state: "equal" }));
    await it.checkNow();
    await it.checkNow();
    compare.mockResolvedValue({ state: "equal" });
    await it.checkNow();
    expect(it.differences.get().size).toBe(0);
    expect(state.wrongs.get()).toEqual([{ at_s: Date.now() / 1000, sentence: difference.sentence }]);
  });
});
