import { expect, it } from "vitest";

import type { Shapes } from "../node/client";
import { allOf, wantedOf } from "./wanted";

const NOW_S = Date.UTC(2030, 5, 1) / 1000;
const by = (...names: string[]) => names.map((account) => ({ account }));
const vote = (type: string, signers: { account: string }[], kickoff: string | null = null) =>
  ({ type, signers, fixture: { kickoff } }) as unknown as Shapes["WaitingBody"];

it("counts what others have signed and this player has not", () => {
  const votes = [vote("result", by("ana")), vote("schedule", by("ana")), vote("day", by("ana", "bruno"))];
  const waiting = { votes, organisers: [{ signers: by("ana") }], keepers: [{ signers: by("bruno") }] };
  expect(wantedOf(waiting, "bruno", NOW_S)).toEqual({ results: 1, fixtures: 1, people: 1 });
  expect(allOf(wantedOf(waiting, "ana", NOW_S))).toBe(1);
});

it("does not count a kick-off that is past, which nobody can sign any more", () => {
  const votes = ["2030-05-31T18:00:00Z", "2030-06-02T18:00:00Z"].map((at) => vote("schedule", by("ana"), at));
  expect(wantedOf({ votes, organisers: [], keepers: [] }, "bruno", NOW_S).fixtures).toBe(1);
});
