import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import { useSearch } from "wouter/use-browser-location";

import { keepPlayer } from "../../keys/player";
import { $node } from "../../node/client";
import { matchesOptions, poolOptions, questionsOptions, statusOptions, votesOptions } from "../../node/queries";
import { searchOf } from "../../route";
import { questionOf } from "../../test/questions";
import { show } from "../../test/show";
import { Organise } from "./Organise";

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };

const fixture = (no: number, home: string, kickoff: string | null) => ({
  no,
  code: `A${no}`,
  home: { name: home },
  away: { name: "Bears" },
  kickoff,
  stage: "Final",
});
const match = (no: number, home: string, kickoff: string | null) => ({
  ...fixture(no, home, kickoff),
  record: null,
  postponed: false,
});
const MATCHES = [
  match(1, "Hawks", "2090-01-03T12:00:00Z"),
  match(2, "Eagles", null),
  match(3, "Lions", "2090-01-01T12:00:00Z"),
  { ...match(4, "Foxes", null), day: { begins: "2090-01-02T00:00:00Z", ends: "2090-01-03T00:00:00Z" } },
];
const MOVED = {
  id: "1",
  type: "schedule",
  match: { no: 1, code: "A1" },
  about: { no: 1, code: "A1" },
  fixture: fixture(1, "Hawks", "2090-01-04T12:00:00Z"),
  signers: [ANA],
  signatures_needed: 2,
  signable: true,
};

const PUT_OFF = {
  version: 0,
  outcome: { status: "postponed", reason: "snow" },
  objections: 0,
  signers: [ANA],
  since: "2026-01-01T14:00:00Z",
  provisional: true,
};

const Here = () => <Organise {...searchOf(useSearch())} />;

const open = (votes: object[], matches: object[] = MATCHES, status: object = {}, questions: object[] = []) =>
  show(
    <Here />,
    [
      [poolOptions().queryKey, { id: "pool", organisers: [ANA, BRUNO] }],
      [matchesOptions().queryKey, matches],
      [questionsOptions().queryKey, questions],
      [votesOptions().queryKey, votes],
      [statusOptions().queryKey, status],
      [$node.queryOptions("get", "/api/v1/organisers", {}).queryKey, { organisers: [ANA, BRUNO], waiting: [] }],
      [$node.queryOptions("get", "/api/v1/validators", {}).queryKey, { validators: [], waiting: [] }],
    ],
    "/organise",
  );

beforeEach(() => {
  keepPlayer("pool", { ...BRUNO, keys: "", locked: false, written: true, named: null });
});

it("opens where a signature is wanted, and counts it at the tab", async () => {
  await open([MOVED]);
  const tab = await screen.findByRole("radio", { name: /^Matches.*1 needs your signature/ });
  expect((tab as HTMLInputElement).checked).toBe(true);
  expect(screen.getByText("Confirm it")).toBeDefined();
});

it("opens at the questions once all is played and one of them has no answer", async () => {
  const question = questionOf({ status: "closed" });
  await open([], MATCHES, {}, [question]);
  expect(await screen.findByRole("radio", { name: /^Results/ })).toHaveProperty("checked", true);
  cleanup();
  await open([], [{ ...match(1, "Hawks", "2026-01-01T12:00:00Z"), record: PUT_OFF }], {}, [question]);
  expect(await screen.findByRole("radio", { name: /^Questions/ })).toHaveProperty("checked", true);
});

it("opens at the results where nothing is wanted", async () => {
  await open([{ ...MOVED, signers: [BRUNO] }]);
  expect((await screen.findByRole<HTMLInputElement>("radio", { name: "Results" })).checked).toBe(true);
});

it.each([
  ["only_here", /the pool could be lost/],
  ["waits", /doesn’t confirm tips yet/],
])("tells an organiser whose node’s vote is %s", async (own_vote, says) => {
  await open([], MATCHES, { own_vote });
  expect(await screen.findByText(says)).toBeDefined();
});

it("shows matches in the order of their kick-offs, those without a day last", async () => {
  await open([MOVED]);
  const section = (await screen.findByText("Upcoming matches")).closest("section") ?? document.body;
  const homes = within(section).getAllByText(/Hawks|Eagles|Lions|Foxes/);
  expect(homes.map(({ textContent }) => textContent)).toEqual(["Lions", "Foxes", "Hawks", "Eagles"]);
});

it("lets a match that is postponed be cancelled", async () => {
  await open([], [{ ...match(2, "Eagles", null), record: PUT_OFF as never, postponed: true }]);
  fireEvent.click(await screen.findByText("Matches"));
  fireEvent.click(await screen.findByText("Change"));
  fireEvent.click(await screen.findByText("More…"));
  fireEvent.change(await screen.findByLabelText("Reason or source"), { target: { value: "fog" } });
  expect(screen.getByText("Cancel match")).toBeDefined();
  expect(screen.getByText("Nobody can tip it any more, and all stakes are returned.")).toBeDefined();
  expect(screen.queryByText("Postpone match")).toBeNull();
});

it("takes what put a match off for history once that is scheduled anew", async () => {
  await open([], [{ ...match(1, "Hawks", "2090-01-03T12:00:00Z"), record: PUT_OFF as never }]);
  expect(await screen.findByText("No results are missing")).toBeDefined();
  expect(screen.queryByText("Correct it")).toBeNull();
  fireEvent.click(await screen.findByText("Matches"));
  expect(await screen.findByText("Change")).toBeDefined();
});
