import { beforeEach, expect, it, vi } from "vitest";

import { keepPlayer } from "../../keys/player";
import { StaysLocked } from "../../keys/signer";
import { queries } from "../../node/client";
import { NOT_IN_BOOK, Refused } from "../../node/refused";
import { questionOf } from "../../test/questions";
import { wordsOfRules } from "../../words/languages";
import type { ReportedAdminAction } from "../assent/onChain";
import { askPromised } from "./askPromised";
import { promisedOf, promiseToAsk } from "./promised";

await wordsOfRules();

const sign = vi.fn<(...offices: ReportedAdminAction[]) => Promise<string[]>>();
vi.mock(import("../sending/send"), async (original) => ({
  ...(await original()),
  inOffice: () => Promise.resolve(sign),
}));
const keys = vi.fn<(pool: string, ask?: boolean) => Promise<never>>();
vi.mock(import("../../keys/signer"), async (original) => ({
  ...(await original()),
  signer: (...of) => keys(...of),
  openedPool: () => Promise.resolve({ pool: { rules: { notice_s: 43_200 } } } as never),
}));

const match = (no: number, home: string, away: string) => ({
  ...{ no, code: `M${no}`, home: { name: home }, away: { name: away }, stage: "Final", status: "scheduled" },
  ...{ base: "90", kickoff: "2090-01-01T12:00:00Z", postponed: false, bets: 0, unopened: 0, pot: 0 },
});
const MATCHES = [match(1, "Brazil", "Portugal"), match(2, "Spain", "France"), match(3, "Ghana", "Japan")];

/** What the node answers, by its path. */
const answers: Record<string, unknown> = {};

beforeEach(() => {
  queries.clear();
  localStorage.clear();
  sign.mockReset().mockResolvedValue(["id"]);
  keys.mockReset().mockResolvedValue({} as never);
  Object.assign(answers, {
    "accounts/ana/nonce": { next_nonce: 1, joined: true },
    transactions: { items: [] },
    questions: { items: [] },
    matches: { items: MATCHES },
  });
  vi.stubGlobal("fetch", ({ url }: Request) => {
    const answer = answers[new URL(url).pathname.replace("/api/v1/", "")];
    return answer === undefined ? Promise.reject(new TypeError("away")) : Promise.resolve(Response.json(answer));
  });
  keepPlayer("pool", { account: "ana", name: "Ana", keys: "", locked: false, written: false, named: null });
  promiseToAsk("pool", ["champion", "semis", "goals"]);
});

/** The code and the number of each question that was signed. */
const signed = () =>
  sign.mock.calls.flat().map(({ act }) => act.type === "question" && [act.question.code, act.question.no]);

it("asks all of it at once, numbered behind each other, and never again", async () => {
  expect(await askPromised("pool")).toEqual(["champion", "semis", "goals"]);
  expect(signed()).toEqual([
    ["champion", 0x4000],
    ["semis", 0x4001],
    ["goals", 0x4005],
  ]);
  expect(sign).toHaveBeenCalledTimes(1);
  expect(promisedOf("pool")).toEqual([]);
  expect(await askPromised("pool")).toBeUndefined();
  expect(sign).toHaveBeenCalledTimes(1);
});

it("asks once where two screens come at the same moment", async () => {
  await Promise.all([askPromised("pool"), askPromised("pool")]);
  expect(sign).toHaveBeenCalledTimes(1);
});

it("asks nothing that is there, or waits for a block", async () => {
  answers.questions = { items: [questionOf()] };
  const goals = { type: "question", question: questionOf({ no: 0x4001, code: "goals" }) };
  answers.transactions = { items: [{ id: "t", action: goals }] };
  expect(await askPromised("pool")).toEqual(["champion", "semis", "goals"]);
  expect(signed()).toEqual([["semis", 0x4002]]);
});

it("keeps the promise while the node does not answer, or does not know the player", async () => {
  delete answers.matches;
  await expect(askPromised("pool")).rejects.toBeInstanceOf(TypeError);
  answers.matches = { items: MATCHES };
  sign.mockRejectedValueOnce(new Refused("unknown-account", ""));
  await expect(askPromised("pool")).rejects.toBeInstanceOf(Refused);
  sign.mockRejectedValueOnce(new Refused(NOT_IN_BOOK, ""));
  await expect(askPromised("pool")).rejects.toBeInstanceOf(Refused);
  expect(promisedOf("pool")).toHaveLength(3);
  expect(await askPromised("pool")).toHaveLength(3);
});

it("gives up what is refused for good", async () => {
  sign.mockRejectedValueOnce(new Refused("not-an-organiser", ""));
  await expect(askPromised("pool")).rejects.toBeInstanceOf(Refused);
  expect(promisedOf("pool")).toEqual([]);
});

it("asks nobody for a passphrase", async () => {
  keys.mockRejectedValueOnce(new StaysLocked());
  await expect(askPromised("pool")).rejects.toBeInstanceOf(StaysLocked);
  expect(keys).toHaveBeenCalledWith("pool", false);
  expect(promisedOf("pool")).toHaveLength(3);
});

it("leaves out what cannot be asked any more", async () => {
  answers.matches = { items: MATCHES.slice(0, 1) };
  expect(await askPromised("pool")).toEqual(["champion", "goals"]);
});
