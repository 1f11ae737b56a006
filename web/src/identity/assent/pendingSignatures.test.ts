import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { allOf, wantedOf } from "./pendingSignatures";

const by = (...names: string[]) => names.map((account) => ({ account }));
const vote = (type: string, signers: { account: string }[], signable = true, about: object = { no: 1 }) =>
  ({ type, signers, signable, match: about, about }) as unknown as Shapes["WaitingBody"];

it("counts what others have signed and this player has not", () => {
  const votes = [vote("result", by("ana")), vote("schedule", by("ana")), vote("day", by("ana", "bruno"))];
  const waiting = { votes, organisers: [{ signers: by("ana") }], keepers: [{ signers: by("bruno") }], addresses: [] };
  expect(wantedOf(waiting, "bruno")).toEqual({ results: 1, fixtures: 1, people: 1, invitations: 0, questions: 0 });
  expect(allOf(wantedOf(waiting, "ana"))).toBe(1);
});

it("does not count what nobody can sign any more by the node", () => {
  const votes = [vote("schedule", by("ana"), false), vote("day", by("ana"), false), vote("schedule", by("ana"))];
  expect(wantedOf({ votes, organisers: [], keepers: [], addresses: [] }, "bruno").fixtures).toBe(1);
});

it("counts a question, and its record, among the questions", () => {
  // One that is only proposed is nothing yet.
  const [proposed, stands] = [{ no: 0x4000 }, { no: 0x4000, kind: "question" }];
  const votes = [vote("question", by("ana"), true, proposed), vote("result", by("ana"), true, stands)];
  const wanted = wantedOf({ votes, organisers: [], keepers: [], addresses: [] }, "bruno");
  expect([wanted.questions, wanted.results]).toEqual([2, 0]);
});

it("counts the result of a match among the results, whatever its number", () => {
  const votes = [vote("result", by("ana"), true, { no: 0x4000 })];
  const wanted = wantedOf({ votes, organisers: [], keepers: [], addresses: [] }, "bruno");
  expect([wanted.questions, wanted.results]).toEqual([0, 1]);
});
