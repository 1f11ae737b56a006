import { beforeEach, expect, it, vi } from "vitest";

import type { Question } from "../checking/compare";
import type { Fixture } from "../rules";
import type { SeenOffice } from "./inBook";

const agrees = vi.fn<(question: Question, now: boolean) => Promise<boolean>>();
/** What the node says in the end, by the path that it is asked for. */
const said: Record<string, unknown> = {};

vi.mock("../checking/check", () => ({
  agrees: (question: Question, now: boolean) => agrees(question, now),
}));
vi.mock("../checking/reads", () => ({
  known: ({ queryKey }: { queryKey: readonly unknown[] }) =>
    Promise.resolve(Object.entries(said).find(([path]) => queryKey.includes(`/api/v1/${path}`))?.[1] ?? []),
}));

const SEEN: Fixture = {
  no: 1,
  code: "PtCh",
  home: { name: "Portugal" },
  away: { name: "Chile" },
  kickoff: null,
  stage: "A",
};
const ANA = { account: "bolao1ana", name: "Ana", key: "aa" };

const RESULT: SeenOffice = {
  act: { type: "result", match_no: 1, outcome: { status: "played", after_90: { home: 2, away: 1 } } },
  seen: [SEEN],
};
const APPOINT: SeenOffice = {
  act: { type: "appoint", validator: { account: ANA.account, key: ANA.key, weight: 1 } },
  seen: [ANA],
};
const BRUNO = { account: "bolao1bruno", name: "Bruno" };
const schedule = (fixture: Fixture, ...seen: Fixture[]): SeenOffice => ({ act: { type: "schedule", fixture }, seen });

const REFUSED = { code: "not-in-book", passing: true };

beforeEach(() => {
  agrees.mockReset().mockImplementation(async ({ read }) => {
    await read(false);
    return true;
  });
  said.matches = [SEEN];
  said.votes = [];
  said.validators = {
    validators: [],
    waiting: [],
    offers: [{ player: { account: ANA.account, name: ANA.name }, key: ANA.key }],
  };
});

it("asks the book for that on which an organiser’s acts rest, each once", async () => {
  const { standInBook } = await import("./inBook");
  await standInBook([RESULT, RESULT, APPOINT]);
  expect(agrees.mock.calls.map(([{ id }, now]) => [id, now])).toEqual([
    ["matches", true],
    ["votes", true],
    ["validators", true],
  ]);
});

it("asks nothing for a player’s own acts", async () => {
  const { standInBook } = await import("./inBook");
  await standInBook([]);
  expect(agrees).not.toHaveBeenCalled();
});

it("lets nothing be signed that rests on what the book does not say", async () => {
  const { standInBook } = await import("./inBook");
  agrees.mockImplementation(({ id }) => Promise.resolve(id !== "votes"));
  await expect(standInBook([RESULT])).rejects.toMatchObject(REFUSED);
});

it.each([
  ["another round", { stage: "B" }],
  ["another short name", { code: "PtCl" }],
  ["other teams", { home: { name: "Spain" } }],
  ["another kick-off", { kickoff: "2030-01-01T00:00:00Z" }],
])(
  "lets nothing be signed of a match that was shown with %s, though the node tells the truth in the end",
  async (_, other) => {
    const { standInBook } = await import("./inBook");
    said.matches = [{ ...SEEN, ...other }];
    await expect(standInBook([RESULT])).rejects.toMatchObject(REFUSED);
    await expect(standInBook([schedule({ ...SEEN, kickoff: 5 }, SEEN)])).rejects.toMatchObject(REFUSED);
  },
);

it("lets a match be signed as what was signed just before has made it", async () => {
  const { standInBook } = await import("./inBook");
  const later = { ...SEEN, kickoff: 1_893_456_000 };
  said.matches = [{ ...SEEN, kickoff: "2030-01-01T00:00:00Z" }];
  await standInBook([{ ...RESULT, seen: [[SEEN, later]] }]);
});

it("lets a new match be signed if its number and its short name are nobody’s", async () => {
  const { standInBook } = await import("./inBook");
  await standInBook([schedule({ ...SEEN, no: 2, code: "EsIt" })]);
  await expect(standInBook([schedule({ ...SEEN, no: 1, code: "EsIt" })])).rejects.toMatchObject(REFUSED);
  await expect(standInBook([schedule({ ...SEEN, no: 2, code: "ptch" })])).rejects.toMatchObject(REFUSED);
});

it("lets nobody be appointed who was shown by another’s name, or with another key", async () => {
  const { standInBook } = await import("./inBook");
  await expect(standInBook([{ ...APPOINT, seen: [{ ...ANA, name: "Bruno" }] }])).rejects.toMatchObject(REFUSED);
  await expect(standInBook([{ ...APPOINT, seen: [{ ...ANA, key: "bb" }] }])).rejects.toMatchObject(REFUSED);
});

it("lets nobody be given a number of votes that was made of another keeper’s than the book has", async () => {
  const { standInBook } = await import("./inBook");
  const { seat } = await import("./seen");
  const keeper = { validator: BRUNO, key: "bb", weight: 1 };
  said.validators = { validators: [keeper], waiting: [], offers: [{ player: ANA, key: ANA.key }] };
  await standInBook([{ ...APPOINT, seen: [ANA, seat(keeper)] }]);
  const lie = seat({ ...keeper, weight: 1_000_000 });
  await expect(standInBook([{ ...APPOINT, seen: [ANA, lie] }])).rejects.toMatchObject(REFUSED);
});

it("lets nothing be signed that is about another than was seen", async () => {
  const { standInBook } = await import("./inBook");
  const { offer } = await import("./seen");
  said.validators = {
    validators: [],
    waiting: [],
    offers: [
      { player: ANA, key: ANA.key },
      { player: BRUNO, key: "bb" },
    ],
  };
  await expect(standInBook([{ ...APPOINT, seen: [offer(BRUNO, "bb")] }])).rejects.toMatchObject(REFUSED);
  await expect(standInBook([{ ...RESULT, seen: [] }])).rejects.toMatchObject(REFUSED);
});

it("signs the same as others only if they have signed it", async () => {
  const { standInBook } = await import("./inBook");
  const { signatures } = await import("./seen");
  const [ana, bruno] = [ANA, BRUNO].map(({ account, name }) => ({ account, name }));
  const vote = { type: "result", match: { no: 1 }, outcome: { status: "played", after_90: { home: 2, away: 1 } } };
  said.votes = [{ ...vote, signers: [ana, bruno] }];
  const same = { ...RESULT, seen: [SEEN, ...signatures(RESULT.act, [ANA])] };
  await standInBook([same]);
  said.votes = [{ ...vote, signers: [bruno] }];
  await expect(standInBook([same])).rejects.toMatchObject(REFUSED);
  said.votes = [];
  await expect(standInBook([same])).rejects.toMatchObject(REFUSED);
});

it("objects only to the result that was shown, of the match that was asked for", async () => {
  const { resultStandsInBook } = await import("./inBook");
  const match = (no: number, version: number) =>
    ({
      ...SEEN,
      no,
      record: { version, outcome: { status: "played", after_90: { home: 2, away: 1 } }, signers: [ANA] },
    }) as unknown as Parameters<typeof resultStandsInBook>[1];
  said["matches/{code}"] = match(1, 0);
  await resultStandsInBook("PtCh", match(1, 0));
  expect(agrees.mock.calls[0]?.[1]).toBe(true);
  await expect(resultStandsInBook("PtCh", match(2, 0))).rejects.toMatchObject(REFUSED);
  await expect(resultStandsInBook("PtCh", match(1, 1))).rejects.toMatchObject(REFUSED);
  agrees.mockResolvedValue(false);
  await expect(resultStandsInBook("PtCh", match(1, 0))).rejects.toMatchObject(REFUSED);
});
