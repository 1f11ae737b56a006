import { cleanup, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { writeSent } from "../../keys/sent";
import { $node } from "../../node/client";
import { openingsOptions, playerAnswersOptions } from "../../node/queries";
import { answersOf, questionOf, SEMIS } from "../../test/questions";
import { show } from "../../test/show";
import { answerOf, pointsSay, scoreOf } from "../answers/answer";
import { useOwnTips } from "./ownTips";

/** What opens each seal: the nonce that its transaction was signed with. */
const NONCES: Record<string, number> = { c1: 7, c2: 9, c3: 11, c4: 12 };
const openings = vi.fn((seals: { match_no: number; nonce: number; commitment: string }[]) =>
  Promise.resolve(
    seals.map(({ commitment, nonce }) =>
      NONCES[commitment] === nonce ? { prediction: { option: commitment === "c2" ? 172 : 2 } } : null,
    ),
  ),
);
/** What the book has that this device has read, by path. */
const book = vi.fn<(path: string) => Promise<unknown>>(() => Promise.resolve(undefined));
vi.mock(import("../../checking/check"), async (original) => ({
  ...(await original()),
  ownBefore: ((path: string) => book(path)) as never,
}));
vi.mock(import("../../keys/signer"), async (original) => ({
  ...(await original()),
  signer: () => Promise.resolve({ openings } as never),
}));

const QUESTIONS = [questionOf(), SEMIS];

const NONCE = $node.queryOptions("get", "/api/v1/accounts/{account}/nonce", {
  params: { path: { account: "me" } },
}).queryKey;

function Own() {
  const { tips } = useOwnTips("pool", "me", QUESTIONS);
  return [...tips].map(([no, { score, state, sealed }]) => (
    <p key={no}>{`${no} ${score && answerOf(score)} ${state}${sealed ? " sealed" : ""}`}</p>
  ));
}

it("reads one’s own hidden answers, in the book and on their way, and shows the open ones", async () => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  writeSent({ pool: "pool", account: "me" }, [
    {
      id: "s",
      nonce: 9,
      transaction: "",
      at_ms: Date.now(),
      fate: "sent",
      tips: [{ match_no: 0x4021, stake: 0, commitment: "c2" }],
    },
  ]);
  const seal = { match: { no: 0x4000, code: "champion", kind: "question" }, nonce: 7, commitment: "c1", waits: false };
  await show(<Own />, [
    [NONCE, { joined: true }],
    [playerAnswersOptions("me").queryKey, [answersOf("Me", [null]), answersOf("Me", [3], undefined, SEMIS)]],
    [openingsOptions("me").queryKey, { seals: [seal] }],
  ]);
  await screen.findByText(`16384 2 stamped sealed`);
  expect(screen.getByText(`16416 3 stamped`)).toBeDefined();
  expect(screen.getByText(`16417 172 sent sealed`)).toBeDefined();
  expect(openings).toHaveBeenCalledWith([
    expect.objectContaining({ match_no: 0x4000, nonce: 7, commitment: "c1" }),
    expect.objectContaining({ match_no: 0x4021, nonce: 9, commitment: "c2" }),
  ]);
});

it.each([
  ["leaves it out of the hidden ones", "c3", []],
  ["names another nonce", "c4", [{ nonce: 8 }]],
  ["names another commitment", "c4", [{ nonce: 12, commitment: "lie" }]],
])("reads one’s own hidden answer where the node %s", async (_, commitment, lies) => {
  cleanup();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  const id = `t${commitment}`;
  book.mockImplementation((path) =>
    Promise.resolve(
      path === `/api/v1/transactions/${id}`
        ? { nonce: NONCES[commitment], action: { type: "seal", tips: [{ match: { no: 0x4000 }, commitment }] } }
        : undefined,
    ),
  );
  const answered = answersOf("Me", [null]);
  const answers = [{ ...answered, answers: answered.answers.map((one) => one && { ...one, transaction: id }) }];
  const seal = { match: { no: 0x4000, code: "champion", kind: "question" }, commitment, waits: false };
  await show(<Own />, [
    [NONCE, { joined: true }],
    [playerAnswersOptions("me").queryKey, answers],
    [openingsOptions("me").queryKey, { seals: lies.map((lie) => ({ ...seal, ...lie })) }],
  ]);
  await screen.findByText(`16384 2 stamped sealed`);
});

it("keeps an answer in the two bytes of a score", () => {
  for (const answer of [0, 3, 99, 100, 172, 9999]) expect(answerOf(scoreOf(answer))).toBe(answer);
  expect(answerOf({ home: null, away: null })).toBeUndefined();
});

it("says what an order gives", () => {
  const asks = { kind: "choice" as const, options: ["A", "B"], misplaced: 1, perfect: 3 };
  expect(pointsSay({ points: 2, slots: 2, asks })).toBe(
    "2 answers · 2 points for each in the right place · 1 in another place · all right: 3 more",
  );
});
