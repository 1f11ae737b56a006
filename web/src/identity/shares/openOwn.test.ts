import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";
import type { LeftOut, Opening, Rules } from "../../rules";

type Seal = Shapes["KeptSealBody"];

const HOUR_MS = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR_MS).toISOString();

/** A seal of what begins so many hours from now. */
const seal = (no: number, hours: number | null, more: Partial<Seal> = {}): Seal =>
  ({
    match: { no, code: `m${no}` },
    begins: hours === null ? null : inHours(hours),
    nonce: 7,
    commitment: `c${no}`,
    waits: false,
    ...more,
  }) as Seal;

const sent = vi.fn<(openings: number[]) => Promise<LeftOut[]>>();
const signer = vi.fn<() => Promise<unknown>>();
/** What has begun by the book and this clock, where the book was read. */
const begun = vi.fn<(shows: number, undecided: boolean) => Promise<number[]>>();
const readToEnd = vi.fn<() => Promise<Pick<Rules, "begun"> | undefined>>();

vi.mock("../../checking/check", () => ({ readToEnd: () => readToEnd() }));
vi.mock("../../keys/signer", () => ({ signer: () => signer() }));
vi.mock("../../keys/player", () => ({ playerOf: () => ({ account: "me" }) }));
vi.mock("../sending/send", async (original) => ({
  ...(await original<typeof import("../sending/send")>()),
  signAndSend: (_: unknown, __: unknown, act: { openings: Opening[] }) => sent(act.openings.map((it) => it.match_no)),
}));

const nonces = vi.fn<(named: number[]) => void>();
const rules = {
  openings: (seals: { match_no: number; nonce: number }[]) => {
    nonces(seals.map(({ nonce }) => nonce));
    return Promise.resolve(seals);
  },
};

async function ready() {
  const { openOwn, openingError, NotBegun, Undecided } = await import("./openOwn");
  const { Refused } = await import("../../node/refused");
  /** `inTheBook`: what has begun by it. */
  const open = (seals: Seal[], inTheBook = seals.map(({ match }) => match.no)) => {
    begun.mockResolvedValue(inTheBook);
    return openOwn("pool", seals, false);
  };
  return {
    open,
    openOwn,
    NotBegun,
    Undecided,
    why: () => openingError.get(),
    refusal: (code: string) => new Refused(code, code),
  };
}

describe("opening one’s own seals", () => {
  beforeEach(() => {
    vi.resetModules();
    vi.useRealTimers();
    begun.mockReset();
    readToEnd.mockReset().mockResolvedValue({ begun });
    sent.mockReset().mockResolvedValue([]);
    signer.mockReset().mockResolvedValue(rules);
  });

  it("opens what begins by the node and is in the book, whatever it is about, and waits for the rest", async () => {
    const { open } = await ready();
    await open([seal(1, 1), seal(2, null), seal(3, -1, { waits: true })]);
    expect(readToEnd).not.toHaveBeenCalled();
    await open([seal(1, -1), seal(0x4000, -1), seal(2, null)]);
    expect(sent.mock.calls).toEqual([[[1, 0x4000]]]);
  });

  it("opens nothing while the book is not read or says otherwise", async () => {
    const { open, why, NotBegun } = await ready();
    const said = [seal(2, -1)];
    readToEnd.mockResolvedValueOnce(undefined);
    await open(said);
    expect(why()).toBeInstanceOf(NotBegun);
    await open(said, [1]);
    expect(why()).toBeInstanceOf(NotBegun);
    expect(sent).not.toHaveBeenCalled();
    await open(said);
    expect(sent).toHaveBeenCalledTimes(1);
    expect(begun.mock.lastCall?.[0]).toBeCloseTo(Date.now() / 1000, -1);
  });

  it("says nothing of a kick-off that no block has passed yet", async () => {
    const { open, why } = await ready();
    await open([seal(1, -0.01)], []);
    expect(why()).toBeNull();
  });

  it("opens by blocks of which none is final only if the player says so", async () => {
    const { openOwn, why, Undecided } = await ready();
    begun.mockImplementation((_, undecided) => Promise.resolve(undecided ? [1] : []));
    const begins = [seal(1, -20)];
    await openOwn("pool", begins, true);
    expect(why()).toBeInstanceOf(Undecided);
    expect(sent).not.toHaveBeenCalled();
    await openOwn("pool", begins, true, true);
    expect(sent.mock.calls).toEqual([[[1]]]);
  });

  it("opens again what a node swallowed or lied about, after a while", async () => {
    vi.useFakeTimers();
    const { open, refusal } = await ready();
    const begins = [seal(1, -1)];
    await open(begins);
    await open(begins);
    expect(sent).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(6 * 60_000);
    sent.mockRejectedValueOnce(refusal("opening-too-late"));
    await open(begins);
    vi.advanceTimersByTime(6 * 60_000);
    await open(begins);
    expect(sent).toHaveBeenCalledTimes(3);
  });

  it("tries again after a while with the nonce that the node names then", async () => {
    vi.useFakeTimers();
    const { open } = await ready();
    signer.mockResolvedValueOnce({ openings: () => Promise.resolve([null]) });
    await open([seal(1, -1)]);
    await open([seal(1, -1)]);
    expect(sent).not.toHaveBeenCalled();
    vi.advanceTimersByTime(61_000);
    await open([seal(1, -1, { nonce: 8 })]);
    expect(nonces.mock.lastCall).toEqual([[8]]);
    expect(sent).toHaveBeenCalledTimes(1);
  });

  it("does not believe a node whose clock is ahead", async () => {
    const { open } = await ready();
    const { learnTime } = await import("../../node/clock");
    learnTime(new Date(Date.now() + 3 * HOUR_MS).toUTCString(), Date.now(), Date.now());
    await open([seal(1, 1)]);
    expect(sent).not.toHaveBeenCalled();
  });

  it("tries again what nobody took, and what it was too early for; but nothing twice", async () => {
    const { open, why } = await ready();
    const begun = [seal(1, -1)];
    sent.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await open(begun);
    sent.mockResolvedValueOnce([{ match_no: 1, code: "opening-too-early" }]);
    await open(begun);
    expect(why()).toMatchObject({ code: "opening-too-early" });
    await open(begun);
    expect(why()).toBeNull();
    await open(begun);
    expect(sent).toHaveBeenCalledTimes(3);
  });

  it("rests where one is refused for good, and tries no other twice", async () => {
    const { open, why } = await ready();
    const begun = [seal(1, -1), seal(2, -1)];
    sent.mockResolvedValueOnce([{ match_no: 1, code: "nothing-to-open" }]);
    await open(begun);
    await open(begun);
    expect(sent.mock.calls).toEqual([[[1, 2]]]);
    expect(why()).toBeNull();
  });

  it("says that the keys are locked, and opens once they are not", async () => {
    const { open, why } = await ready();
    signer.mockRejectedValueOnce(new Error("locked"));
    const begun = [seal(1, -1)];
    await open(begun);
    expect(why()).toMatchObject({ message: "locked" });
    await open(begun);
    expect(sent.mock.calls).toEqual([[[1]]]);
  });
});
