import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";

type Openings = Shapes["OpeningsBody"];

const seal = (no: number, more: Partial<Shapes["KeptSealBody"]> = {}): Shapes["KeptSealBody"] => ({
  match: { no, code: `m${no}` },
  commitment: `c${no}`,
  nonce: no,
  waits: false,
  will_open: false,
  deal: true,
  next_round: 0,
  ...more,
});

const keeper = (name: string): Shapes["KeeperBody"] => ({
  keeper: { account: `bolao1${name}`, name },
  key: `k${name}`,
});

const openings = (seals: Openings["seals"], more: Partial<Openings> = {}): Openings => ({
  has_keepers: true,
  needed: 1,
  host_could_look: true,
  keepers: [keeper("ana")],
  seals,
  ...more,
});

const answer = (body: unknown, status = 202) =>
  Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));

/** What the node says of the keepers when it is asked anew. */
let served: Openings;

/** A node that refuses some deals, and remembers what it was sent. */
function nodeThatRefuses(...bad: string[]) {
  const sent: string[][] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (asked: Request | string) => {
      if (typeof asked === "string") return answer({}, 200);
      if (asked.method === "GET") return answer(served, 200);
      const { deals } = (await asked.json()) as { deals: string[] };
      sent.push(deals);
      return deals.some((deal) => bad.includes(deal))
        ? answer({ code: "unknown-bet", detail: "no such seal", status: 422 }, 422)
        : answer({ taken: deals.length });
    }),
  );
  return sent;
}

const asked = vi.fn();

class RulesError extends Error {
  code = "not-dealt";
}

/** Who the keepers of the book are; `undefined`: as the node says first. */
let book: Partial<Openings> | undefined;
let first: Openings;
const own = vi.fn<(path: string, now: boolean) => Promise<unknown>>(() => Promise.resolve({ ...first, ...book }));

vi.mock("../../checking/check", () => ({ own: (path: string, now: boolean) => own(path, now) }));

vi.mock("../../rules", () => ({
  RulesError,
  load: () =>
    Promise.resolve({
      openPool: () => Promise.resolve({}),
      said: () => Promise.resolve([]),
      openKeys: () => Promise.resolve({ account: "me" }),
      deals: (seals: { commitment: string; round: number }[], keepers: string[]) => {
        asked(keepers);
        if (keepers.includes("kbad")) throw new RulesError("no point");
        return Promise.resolve(
          seals.map(({ commitment, round }) => (commitment === "other" ? null : `${commitment}/${round}`)),
        );
      },
    }),
}));

async function ready(locked = false) {
  const { keepPlayer } = await import("../../keys/player");
  const { deliver, delivering } = await import("./deliver");
  const { chooseOpensOwn } = await import("./opensOwn");
  keepPlayer("pool", { account: "me", name: "Clara", keys: "k", locked, written: false, named: null });
  return {
    give: (body: Openings, ask = false, others = false) => {
      first = body;
      return deliver("pool", "me", body, ask, others);
    },
    state: () => delivering.get(),
    chooseOpensOwn,
  };
}

describe("handing over what opens sealed tips", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
    asked.mockClear();
    book = undefined;
    own.mockClear();
  });

  it("keeps in mind who could look where they are few, and only what was dealt", async () => {
    nodeThatRefuses();
    const { give } = await ready();
    const { fewOf } = await import("../../keys/delivered");
    await give(openings([seal(1), seal(3, { commitment: "other" })], { keepers: [keeper("ana"), keeper("bruno")] }));
    await give(openings([seal(2)], { keepers: ["ana", "bruno", "clara"].map(keeper), host_could_look: false }));
    expect(fewOf({ pool: "pool", account: "me" }, "c1")).toHaveLength(2);
    expect(fewOf({ pool: "pool", account: "me" }, "c2")).toEqual([]);
    expect(fewOf({ pool: "pool", account: "me" }, "other")).toEqual([]);
  });

  it("hands the keepers of today what they have not got, in the round that the node says", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    await give(openings([seal(3)], { keepers: [keeper("bruno")] }));
    await give(openings([seal(1), seal(2, { deal: false, will_open: true }), seal(3, { next_round: 2 })]));
    expect(sent).toEqual([["c3/0"], ["c1/0", "c3/2"]]);
    expect(asked).toHaveBeenLastCalledWith(["kana"]);
    expect(state()).toMatchObject({ busy: false, settles: true, error: null });
  });

  it("asks before others get what three keepers have, and hands it to whoever takes the place of fewer", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    const { OtherKeepers } = await import("./deliver");
    const three = { keepers: ["ana", "bruno", "clara"].map(keeper), host_could_look: false };
    const sybils = { keepers: ["ana", "bruno", "clara", "x", "y", "z"].map(keeper), host_could_look: false };
    await give(openings([seal(1)]));
    await give(openings([seal(1, { next_round: 1 })], three));
    expect(sent).toEqual([["c1/0"], ["c1/1"]]);
    for (const others of [sybils, {}]) await give(openings([seal(1, { next_round: 2 })], others));
    expect(sent).toHaveLength(2);
    expect(state().error).toBeInstanceOf(OtherKeepers);
    await give(openings([seal(1, { next_round: 2 })], sybils), true);
    expect(sent).toHaveLength(2);
    await give(openings([seal(1, { next_round: 2 })], sybils), true, true);
    expect(sent).toEqual([["c1/0"], ["c1/1"], ["c1/2"]]);
  });

  it("asks first where the node knows that others have it, and this device does not", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    const { OtherKeepers } = await import("./deliver");
    const dealt = { keepers: ["ana", "bruno", "clara"].map(keeper) } as Shapes["DealtBody"];
    const sybils = { keepers: ["x", "y", "z"].map(keeper), host_could_look: false };
    const body = openings([seal(1, { next_round: 1, dealt }), seal(2)], sybils);
    await give(body);
    expect(sent).toEqual([["c2/0"]]);
    expect(state().error).toBeInstanceOf(OtherKeepers);
    await give(body, true, true);
    expect(sent).toEqual([["c2/0"], ["c1/1"]]);
  });

  it("leaves what has begun, what had all its rounds and what is another key's", async () => {
    const sent = nodeThatRefuses();
    const { give } = await ready();
    const begins = new Date(Date.now() - 60_000).toISOString();
    await give(openings([seal(1, { begins }), seal(2, { next_round: null }), seal(3, { commitment: "other" })]));
    await give(openings([seal(1)], { has_keepers: false, keepers: [] }));
    expect(sent).toEqual([]);
  });

  it("hands nothing to those whom the book does not name, until it does", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    const { Unchecked } = await import("./deliver");
    book = { keepers: [keeper("ana")] };
    served = openings([seal(1)], { keepers: [keeper("host")] });
    await give(openings([seal(1)], { keepers: [keeper("host")] }));
    expect(asked).not.toHaveBeenCalled();
    expect(sent).toEqual([]);
    expect(state()).toMatchObject({ busy: false, settles: false });
    expect(state().error).toBeInstanceOf(Unchecked);
    own.mockResolvedValueOnce(undefined);
    await give(openings([seal(1)]));
    expect(sent).toEqual([]);
    await give(openings([seal(1)]));
    expect(own).toHaveBeenLastCalledWith("/api/v1/keepers", false);
    expect(sent).toEqual([["c1/0"]]);
  });

  it("hands to those whom the node names when it is asked anew, if they are in the book", async () => {
    const sent = nodeThatRefuses();
    const { give } = await ready();
    served = openings([seal(1)], { keepers: [keeper("bruno")] });
    book = { keepers: [keeper("bruno")] };
    await give(openings([seal(1)]));
    expect(asked).toHaveBeenCalledWith(["kbruno"]);
    expect(sent).toEqual([["c1/0"]]);
  });

  it("is never under way twice, nor done twice of one seal and the same keepers", async () => {
    const sent = nodeThatRefuses();
    const { give } = await ready();
    await Promise.all([give(openings([seal(1)])), give(openings([seal(1)]))]);
    await give(openings([seal(1)]));
    expect(sent).toEqual([["c1/0"]]);
    await give(openings([seal(1, { next_round: 1 })], { keepers: [keeper("ana"), keeper("bruno")] }));
    expect(sent.at(-1)).toEqual(["c1/1"]);
  });

  it("hands over the others where one is refused, tells it, and does not repeat it", async () => {
    const sent = nodeThatRefuses("c2/0");
    const { give, state } = await ready();
    const body = openings([seal(1), seal(2), seal(3)]);
    await give(body);
    expect(sent).toEqual([["c1/0", "c2/0", "c3/0"], ["c1/0"], ["c2/0"], ["c3/0"]]);
    expect(state().error).toMatchObject({ code: "unknown-bet", message: "no such seal" });
    await give(body);
    expect(sent).toHaveLength(4);
  });

  it("tries again what nobody answered, and what a busy node did not take", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    const good = vi.mocked(fetch).getMockImplementation();
    vi.mocked(fetch).mockRejectedValue(new TypeError("Failed to fetch"));
    await give(openings([seal(1)]));
    expect(state()).toMatchObject({ busy: false, settles: false, error: null });
    vi.mocked(fetch).mockImplementation((asked) =>
      typeof asked === "string" ? answer({}, 200) : answer({ code: "busy", detail: "busy", status: 503 }, 503),
    );
    await give(openings([seal(1)]));
    expect(state().error).toMatchObject({ code: "busy" });
    if (good !== undefined) vi.mocked(fetch).mockImplementation(good);
    await give(openings([seal(1)]));
    expect(sent).toEqual([["c1/0"]]);
    expect(state().error).toBeNull();
  });

  it("tells once what the rules refuse", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready();
    const body = openings([seal(1)], { keepers: [keeper("bad")] });
    await give(body);
    await give(body);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(sent).toEqual([]);
    expect(state()).toMatchObject({ busy: false, settles: false, error: { code: "not-dealt" } });
  });

  it("waits while the keys are locked, and says so", async () => {
    const sent = nodeThatRefuses();
    const { give, state } = await ready(true);
    const { StaysLocked, asked: question } = await import("../../keys/signer");
    await give(openings([seal(1)]));
    expect(state().error).toBeInstanceOf(StaysLocked);
    const given = give(openings([seal(1)]), true);
    await vi.waitFor(() => expect(question.get()).toBeDefined(), 10_000);
    await question.get()?.unlock("passphrase");
    await given;
    expect(sent).toEqual([["c1/0"]]);
    expect(state().error).toBeNull();
  });

  it("hands over nothing where the player opens alone; that outlives the page", async () => {
    const sent = nodeThatRefuses();
    const before = await ready();
    before.chooseOpensOwn("pool", true);
    vi.resetModules();
    const { give, chooseOpensOwn } = await ready();
    await give(openings([seal(1)]));
    expect(sent).toEqual([]);
    chooseOpensOwn("pool", false);
    await give(openings([seal(1)]));
    expect(sent).toEqual([["c1/0"]]);
  });
});

it("as many deals go together as the node takes in one request", async () => {
  const { together } = await import("./deliver");
  const made = (count: number, chars: number) =>
    Array.from({ length: count }, (_, at) => ({ name: String(at), deal: "d".repeat(chars) }));
  const lengths = (count: number, chars: number) => together(made(count, chars), 1_000).map((part) => part.length);
  expect(lengths(300, 1)).toEqual([128, 128, 44]);
  expect(lengths(5, 400)).toEqual([2, 2, 1]);
  expect(lengths(2, 5_000)).toEqual([1, 1]);
});

it("few keepers could look, but not without one’s own program", async () => {
  const { lookers } = await import("./deliver");
  expect(lookers([keeper("ana")], "me").map(({ name }) => name)).toEqual(["ana"]);
  expect(lookers([keeper("ana"), { keeper: { account: "me" } }], "me")).toEqual([]);
});
