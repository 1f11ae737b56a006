import { beforeEach, expect, it, vi } from "vitest";

import type { Fixture } from "../../rules";
import { questionOf } from "../../test/questions";
import type { Item } from "./kinds";
import type { ReportedAdminAction } from "./onChain";

const own = vi.fn<(path: string, now: boolean) => Promise<unknown>>();
/** What the book has, by room. */
const booked: Record<string, unknown> = {};

vi.mock("../../checking/check", () => ({ own: (path: string, now: boolean) => own(path, now) }));

const SEEN: Fixture = {
  no: 1,
  code: "PtCh",
  home: { name: "Portugal" },
  away: { name: "Chile" },
  kickoff: null,
  stage: "A",
};
const ANA = { account: "bolao1ana", name: "Ana", key: "aa" };

const RESULT: ReportedAdminAction = {
  act: { type: "result", match_no: 1, outcome: { status: "played", after_90: { home: 2, away: 1 } } },
  seen: [SEEN],
};
const APPOINT: ReportedAdminAction = {
  act: { type: "appoint", validator: { account: ANA.account, key: ANA.key, weight: 1 } },
  seen: [ANA],
};
const BRUNO = { account: "bolao1bruno", name: "Bruno" };
const schedule = (fixture: Fixture, ...seen: Fixture[]): ReportedAdminAction => ({
  act: { type: "schedule", fixture },
  seen,
});

const REFUSED = { code: "not-in-book", passing: true };

beforeEach(() => {
  own.mockReset().mockImplementation((path) => {
    const [, , , room = "", code] = path.split(/[/?]/);
    const answer = booked[code?.startsWith("limit") === false ? `${room}/${code}` : room];
    return Promise.resolve(Array.isArray(answer) ? { items: answer } : answer);
  });
  booked.matches = [SEEN];
  booked.votes = [];
  booked.validators = {
    validators: [],
    waiting: [],
    offers: [{ player: { account: ANA.account, name: ANA.name }, key: ANA.key }],
  };
});

it("asks the book for that on which an organiser’s acts rest, each once", async () => {
  const { standOnChain } = await import("./onChain");
  await standOnChain([RESULT, RESULT, APPOINT]);
  expect(own.mock.calls).toEqual([
    ["/api/v1/matches?limit=500", true],
    ["/api/v1/votes?limit=500", true],
    ["/api/v1/validators", true],
  ]);
});

it("asks nothing for a player’s own acts", async () => {
  const { standOnChain } = await import("./onChain");
  await standOnChain([]);
  expect(own).not.toHaveBeenCalled();
});

it("lets nothing be signed where the book cannot be read", async () => {
  const { standOnChain } = await import("./onChain");
  booked.votes = undefined;
  await expect(standOnChain([RESULT])).rejects.toMatchObject(REFUSED);
});

it.each([
  ["another round", { stage: "B" }],
  ["another short name", { code: "PtCl" }],
  ["other teams", { home: { name: "Spain" } }],
  ["another kick-off", { kickoff: "2030-01-01T00:00:00Z" }],
])("lets nothing be signed of a match that was shown with %s", async (_, other) => {
  const { standOnChain } = await import("./onChain");
  booked.matches = [{ ...SEEN, ...other }];
  await expect(standOnChain([RESULT])).rejects.toMatchObject(REFUSED);
  await expect(standOnChain([schedule({ ...SEEN, kickoff: 5 }, SEEN)])).rejects.toMatchObject(REFUSED);
});

it("lets a match be signed as what was signed just before has made it", async () => {
  const { standOnChain } = await import("./onChain");
  const later = { ...SEEN, kickoff: 1_893_456_000 };
  booked.matches = [{ ...SEEN, kickoff: "2030-01-01T00:00:00Z" }];
  await standOnChain([{ ...RESULT, seen: [[SEEN, later]] }]);
});

it("lets a new match be signed if its number and its short name are nobody’s", async () => {
  const { standOnChain } = await import("./onChain");
  await standOnChain([schedule({ ...SEEN, no: 2, code: "EsIt" })]);
  await expect(standOnChain([schedule({ ...SEEN, no: 1, code: "EsIt" })])).rejects.toMatchObject(REFUSED);
  await expect(standOnChain([schedule({ ...SEEN, no: 2, code: "ptch" })])).rejects.toMatchObject(REFUSED);
});

it("lets nobody be appointed who was shown by another’s name, or with another key", async () => {
  const { standOnChain } = await import("./onChain");
  await expect(standOnChain([{ ...APPOINT, seen: [{ ...ANA, name: "Bruno" }] }])).rejects.toMatchObject(REFUSED);
  await expect(standOnChain([{ ...APPOINT, seen: [{ ...ANA, key: "bb" }] }])).rejects.toMatchObject(REFUSED);
});

it("lets nobody be given a number of votes that was made of another keeper’s than the book has", async () => {
  const { standOnChain } = await import("./onChain");
  const { seat } = await import("./reported");
  const keeper = { validator: BRUNO, key: "bb", weight: 1 };
  booked.validators = { validators: [keeper], waiting: [], offers: [{ player: ANA, key: ANA.key }] };
  await standOnChain([{ ...APPOINT, seen: [ANA, seat(keeper)] }]);
  const lie = seat({ ...keeper, weight: 1_000_000 });
  await expect(standOnChain([{ ...APPOINT, seen: [ANA, lie] }])).rejects.toMatchObject(REFUSED);
});

it("lets nothing be signed that is about another than was seen", async () => {
  const { standOnChain } = await import("./onChain");
  const { offer } = await import("./reported");
  booked.validators = {
    validators: [],
    waiting: [],
    offers: [
      { player: ANA, key: ANA.key },
      { player: BRUNO, key: "bb" },
    ],
  };
  await expect(standOnChain([{ ...APPOINT, seen: [offer(BRUNO, "bb")] }])).rejects.toMatchObject(REFUSED);
  await expect(standOnChain([{ ...RESULT, seen: [] }])).rejects.toMatchObject(REFUSED);
});

it("signs the same as others only if they have signed it", async () => {
  const { standOnChain } = await import("./onChain");
  const { signatures } = await import("./reported");
  const [ana, bruno] = [ANA, BRUNO].map(({ account, name }) => ({ account, name }));
  const vote = {
    type: "result",
    match: { no: 1 },
    about: { no: 1 },
    outcome: { status: "played", after_90: { home: 2, away: 1 } },
  };
  booked.votes = [{ ...vote, signers: [ana, bruno] }];
  const same = { ...RESULT, seen: [SEEN, ...signatures(RESULT.act, [ANA])] };
  await standOnChain([same]);
  booked.votes = [{ ...vote, signers: [bruno] }];
  await expect(standOnChain([same])).rejects.toMatchObject(REFUSED);
  booked.votes = [];
  await expect(standOnChain([same])).rejects.toMatchObject(REFUSED);
});

it("rests a question’s record on the questions of the book, and no match’s", async () => {
  const { standOnChain } = await import("./onChain");
  const { questioned } = await import("./kinds");
  const question = questionOf({ status: "closed" });
  const right: ReportedAdminAction = {
    act: { type: "result", match_no: question.no, outcome: { status: "answered", right: [1] } },
    seen: [questioned(question)],
  };
  booked.questions = [question];
  await standOnChain([right]);
  expect(own.mock.calls.map(([path]) => path)).toEqual(["/api/v1/questions?limit=500", "/api/v1/votes?limit=500"]);
  booked.questions = [{ ...question, text: "Who is last?" }];
  await expect(standOnChain([right])).rejects.toMatchObject(REFUSED);
});

it("asks nothing under a number or a short name that a match or a question has", async () => {
  const { standOnChain } = await import("./onChain");
  const { questioned } = await import("./kinds");
  booked.questions = [questionOf()];
  const ask = (more: object): ReportedAdminAction => ({
    act: { type: "question", question: { ...questioned(questionOf({ no: 0x4001, code: "goals" })), ...more } },
    seen: [],
  });
  await standOnChain([ask({})]);
  for (const taken of [{ no: 0x4000 }, { code: "Champion" }, { code: "ptch" }])
    await expect(standOnChain([ask(taken)])).rejects.toMatchObject(REFUSED);
});

it("objects only to the result that was shown, of the match that was asked for", async () => {
  const { recordStandsOnChain } = await import("./onChain");
  const match = (no: number, version: number) =>
    ({
      ...SEEN,
      no,
      record: { version, outcome: { status: "played", after_90: { home: 2, away: 1 } }, signers: [ANA] },
    }) as unknown as Item;
  booked["matches/PtCh"] = match(1, 0);
  await recordStandsOnChain(match(1, 0));
  expect(own).toHaveBeenLastCalledWith("/api/v1/matches/PtCh", true);
  await expect(recordStandsOnChain(match(2, 0))).rejects.toMatchObject(REFUSED);
  await expect(recordStandsOnChain(match(1, 1))).rejects.toMatchObject(REFUSED);
  own.mockResolvedValue(undefined);
  await expect(recordStandsOnChain(match(1, 0))).rejects.toMatchObject(REFUSED);
});
