import { beforeEach, expect, it, vi } from "vitest";

const ME = { pool: "pool", account: "me" };

const SIGNED = {
  id: "aa",
  nonce: 3,
  transaction: "a1b2",
  action: { type: "seal", tips: [{ match: { no: 1, code: "1" }, commitment: "cc", stake: 0 }] },
  lapses: true,
};

/** How many acts this device has found in the book. */
const bookedOf = vi.fn<() => Promise<number | undefined>>();

/** Which place the book comes to. */
let end = Infinity;

vi.mock("../../checking/check", () => ({ bookedOf: () => bookedOf(), readBefore: () => Promise.resolve({}) }));
vi.mock("./end", () => ({ endOf: () => Promise.resolve(end) }));

/** A node that answers for the transaction, and to whom is posted. */
async function nodeThat(found: () => [number, unknown], taken: () => [number, unknown]) {
  const posted: unknown[] = [];
  const answer = ([status, body]: [number, unknown]) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  vi.stubGlobal("fetch", async (asked: Request) => {
    if (asked.method === "GET") return answer(found());
    posted.push(await asked.json());
    return answer(taken());
  });
  return { posted, ...(await import("../../keys/sent")), ...(await import("./follow")) };
}

const problem = (status: number, code: string): [number, unknown] => [status, { status, code, detail: code }];
const MATCH = { no: 1, code: "PtCh" };
const seal = (late: boolean) => ({
  action: { type: "seal", tips: [{ match: MATCH }] },
  void: late ? [MATCH] : [],
});

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
  bookedOf.mockReset().mockResolvedValue(undefined);
  end = Infinity;
});

it("a tip that the node has forgotten is handed over again, the very same bytes, also after a reload", async () => {
  const { keepSent } = await nodeThat(
    () => problem(404, "not-found"),
    () => [202, {}],
  );
  keepSent(ME, SIGNED);
  vi.resetModules();
  const { follow, posted } = await nodeThat(
    () => problem(404, "not-found"),
    () => [202, {}],
  );
  expect(await follow(ME)).toMatchObject([{ id: "aa", nonce: 3, fate: "again" }]);
  expect(posted).toEqual([{ transaction: "a1b2" }]);
});

it("one that came too late is told, and not sent again", async () => {
  const { keepSent, follow, posted } = await nodeThat(
    () => problem(404, "not-found"),
    () => problem(422, "bet-after-kickoff"),
  );
  keepSent(ME, SIGNED);
  expect(await follow(ME)).toMatchObject([{ fate: "late" }]);
  await follow(ME);
  expect(posted).toHaveLength(1);
});

it("what a block holds is kept until it is final, and what is void in it is told", async () => {
  let state = "in_block";
  let late = false;
  const { keepSent, follow, posted } = await nodeThat(
    () => [200, { state, ...seal(late) }],
    () => [202, {}],
  );
  keepSent(ME, SIGNED);
  expect(await follow(ME)).toMatchObject([{ fate: "booked" }]);
  state = "final";
  expect(await follow(ME)).toMatchObject([{ fate: "booked" }]);
  bookedOf.mockResolvedValue(4);
  expect(await follow(ME)).toEqual([]);
  keepSent(ME, SIGNED);
  late = true;
  expect(await follow(ME)).toMatchObject([{ fate: "late" }]);
  expect(posted).toEqual([]);
});

it("one for a place to which the book never comes is told after a minute", async () => {
  const { keepSent, sentOf, writeSent, follow } = await nodeThat(
    () => [200, { state: "waiting", ...seal(false) }],
    () => [202, {}],
  );
  keepSent(ME, SIGNED);
  end = 1;
  expect(await follow(ME)).toMatchObject([{ fate: "sent" }]);
  writeSent(
    ME,
    sentOf(ME).map((one) => ({ ...one, at_ms: one.at_ms - 61_000 })),
  );
  end = SIGNED.nonce + 1;
  expect(await follow(ME)).toMatchObject([{ fate: "sent" }]);
  end = 1;
  expect(await follow(ME)).toMatchObject([{ fate: "lost" }]);
});

it("keeps nothing but tips and jokers", async () => {
  const { keepSent, sentOf } = await nodeThat(
    () => [200, {}],
    () => [202, {}],
  );
  keepSent(ME, { ...SIGNED, action: { type: "join", name: "Ana" }, lapses: false });
  expect(sentOf(ME)).toEqual([]);
});

it("tells of a joker for which of its matches it came too late", async () => {
  const action = { type: "joker", off: [MATCH], on: [{ no: 2, code: "NlEn" }] };
  const { keepSent, follow } = await nodeThat(
    () => [200, { state: "final", action, void: [MATCH] }],
    () => [202, {}],
  );
  keepSent(ME, { ...SIGNED, action });
  expect(await follow(ME)).toMatchObject([{ fate: "late", void: [1], tips: [], act: action }]);
});

it("what the rules let in no more is told, and waits no longer", async () => {
  const { keepSent, follow, posted } = await nodeThat(
    () => problem(404, "not-found"),
    () => problem(422, "not-enough-chips"),
  );
  keepSent(ME, SIGNED);
  expect(await follow(ME)).toMatchObject([{ fate: "refused" }]);
  await follow(ME);
  expect(posted).toHaveLength(1);
});

it("what a busy or full node does not take now waits on", async () => {
  for (const refusal of [problem(422, "mempool-full"), problem(503, "unavailable"), problem(409, "already-known")]) {
    const { keepSent, follow } = await nodeThat(
      () => problem(404, "not-found"),
      () => refusal,
    );
    keepSent(ME, SIGNED);
    expect(await follow(ME)).toMatchObject([{ fate: "sent" }]);
  }
});

it.each([
  ["that it is final", () => [200, { state: "final", ...seal(false) }] as [number, unknown]],
  ["that it came too late", () => [200, { state: "final", ...seal(true) }] as [number, unknown]],
  ["that another act has its place", () => problem(404, "not-found")],
])("one that this device has not found in the book holds its place, though the node says %s", async (_, found) => {
  const { keepSent, follow, isOver } = await nodeThat(found, () => problem(409, "bad-nonce"));
  keepSent(ME, SIGNED);
  bookedOf.mockResolvedValue(3);
  const [held] = await follow(ME);
  expect(held).toMatchObject({ id: "aa", nonce: 3 });
  expect(isOver(held?.fate)).toBe(false);
  bookedOf.mockResolvedValue(4);
  const after = await follow(ME);
  expect(after.every(({ fate }) => isOver(fate))).toBe(true);
});

it.each(["in_block", "final"])(
  "one that this device has not found in the book stays shown, though the node says: %s",
  async (state) => {
    const { keepSent, sentOf, writeSent, follow } = await nodeThat(
      () => [200, { state, ...seal(false) }],
      () => [202, {}],
    );
    keepSent(ME, SIGNED);
    bookedOf.mockResolvedValue(3);
    expect(await follow(ME)).toMatchObject([{ fate: "sent" }]);
    writeSent(
      ME,
      sentOf(ME).map((one) => ({ ...one, fate: "again" as const })),
    );
    expect(await follow(ME)).toMatchObject([{ fate: "again" }]);
  },
);

it("what a node never takes is handed over less often after an hour", async () => {
  const { keepSent, sentOf, asksAgain } = await nodeThat(
    () => problem(404, "not-found"),
    () => problem(422, "unknown-account"),
  );
  expect(asksAgain(sentOf(ME), Date.now())).toBe(false);
  keepSent(ME, SIGNED);
  expect(asksAgain(sentOf(ME), Date.now())).toBe(15_000);
  expect(asksAgain(sentOf(ME), Date.now() + 3_600_001)).toBe(300_000);
});
