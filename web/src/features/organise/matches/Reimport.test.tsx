import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { Refused } from "../../../node/refused";
import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import type { inOffice } from "../../../identity/sending/send";
import { $node, node, queries } from "../../../node/client";
import { matchesOptions, poolOptions } from "../../../node/queries";
import { show, type Answer } from "../../../test/show";
import { Reimport } from "./Reimport";

const sign = vi.fn<(office: ReportedAdminAction) => Promise<string[]>>();
const book = vi.fn<typeof inOffice>();

vi.mock(import("../../../identity/sending/send"), async (original) => ({
  ...(await original()),
  inOffice: (...given: Parameters<typeof inOffice>) => book(...given),
}));

const DAY_S = 86_400;
const AT_S = 1_900_000_000;
const when = (days: number): string => new Date((AT_S + days * DAY_S) * 1000).toISOString();

const fixture = (no: number, days: number | null, home = "Porto") => ({
  no,
  code: `A${no}`,
  home: { name: home },
  away: { name: "Benfica" },
  kickoff: days === null ? null : when(days),
  stage: "Final",
});
const match = (no: number, days: number | null) => ({
  ...fixture(no, days),
  status: "scheduled",
  record: null,
  postponed: false,
  bets: 0,
  unopened: 0,
  pot: 0,
});
const change = (no: number, ...signs: object[]) => ({ match: { no, code: `A${no}` }, signs, verdict: "sign" });
const moved = (no: number, days: number) => change(no, { type: "schedule", fixture: fixture(no, days) });
const plan = (...changes: object[]) => ({
  name: "Cup",
  matches: 2,
  known: 2,
  left_out: [],
  warnings: [],
  not_in_file: [],
  changes,
});

const post = vi.spyOn(node, "POST");
const get = vi.spyOn(node, "GET");

/** The node as it answers from now on. */
function answers(found: unknown, matches: object[] = [match(1, 0), match(2, 0)]): void {
  post.mockResolvedValue({ data: found, response: new Response() });
  get.mockResolvedValue({ data: { items: matches }, response: new Response() } as never);
}

beforeEach(() => {
  queries.clear();
  sign.mockReset().mockResolvedValue([]);
  book.mockReset().mockResolvedValue(sign);
});

async function pasted(more: Answer[] = []): Promise<void> {
  const piece = <Reimport votes={[]} account="me" close={() => undefined} />;
  await show(piece, [[poolOptions().queryKey, { id: "pool" }], ...more]);
  fireEvent.change(screen.getByLabelText("Your list of matches"), { target: { value: "a list" } });
}

async function read(more: Answer[] = []): Promise<void> {
  await pasted(more);
  fireEvent.click(await screen.findByText("See the changes"));
}

it.each([
  ["signatures that are none", plan({ ...moved(1, 1), signs: null })],
  ["no changes", { ...plan(), changes: null }],
  ["a name that is no text", { ...plan(), name: {} }],
  ["nothing", null],
])("says that it cannot read an answer with %s", async (_, found) => {
  answers(found);
  await pasted();
  expect(await screen.findByText(/can’t read the pool computer’s answer/)).toBeDefined();
});

it("signs what it shows", async () => {
  answers(plan(moved(1, 1), moved(2, 2)));
  await read();
  fireEvent.click(await screen.findByText("Save 2 changes"));
  expect(await screen.findByText(/^Saved\./)).toBeDefined();
  expect(sign.mock.calls.map(([office]) => office)).toMatchObject([
    { act: { type: "schedule", fixture: { no: 1, kickoff: AT_S + DAY_S } }, seen: [[{ no: 1, kickoff: AT_S }]] },
    { act: { type: "schedule", fixture: { no: 2, kickoff: AT_S + 2 * DAY_S } }, seen: [[{ no: 2, kickoff: AT_S }]] },
  ]);
});

it("says once the book holds what was signed", async () => {
  answers(plan(moved(1, 1)));
  sign.mockResolvedValue(["abcd"]);
  await read([
    [
      $node.queryOptions("get", "/api/v1/transactions/{id}", { params: { path: { id: "abcd" } } }).queryKey,
      { id: "abcd", state: "in_block", block: { height: 7 } },
    ],
  ]);
  fireEvent.click(await screen.findByText("Save 1 change"));
  expect(await screen.findByText("In a block")).toBeDefined();
  expect(screen.queryByText("Sent")).toBeNull();
});

it("signs no new match whose time the list does not give, and says why", async () => {
  const begun = { ...change(3), teams: ["Braga", "Sporting"] };
  answers(plan(moved(1, 1), { ...begun, verdict: "doubt", doubt: { why: "no_time", date: "2030-03-17" } }));
  await read();
  expect(await screen.findByText("Save 1 change")).toBeDefined();
  expect(screen.getAllByRole("checkbox")).toHaveLength(1);
  expect(screen.getByText("Braga – Sporting")).toBeDefined();
  expect(screen.getByText(/^The list gives 2030-03-17 but no time/)).toBeDefined();
});

it("ticks no change by which tips would not count, and says how many are lost", async () => {
  const sooner = { ...moved(1, -1), verdict: "doubt", doubt: { why: "late", bets: 2 } };
  answers(plan(sooner, moved(2, 2)));
  await read();
  expect(await screen.findByText("Save 1 change")).toBeDefined();
  const said = screen.getByText(/^Then tips on this match don’t count/);
  expect(said.closest("li")?.textContent).toContain("2 tips are lost, and their stakes are returned.");
  const ticks = screen.getAllByRole<HTMLInputElement>("checkbox");
  expect(ticks.map(({ checked }) => checked)).toEqual([true, false]);
  fireEvent.click(ticks[1] ?? document.body);
  expect(screen.getByText("Save 2 changes")).toBeDefined();
});

it("names the matches that the list lacks, or that a new one may be, by their teams", async () => {
  const fresh = change(3, { type: "schedule", fixture: fixture(3, 3) });
  const found = plan({ ...fresh, verdict: "doubt", doubt: { why: "perhaps", code: "A2" } });
  answers({ ...found, not_in_file: ["A1", "A2"] });
  await read([[matchesOptions().queryKey, [match(1, 0), { ...match(2, 0), home: { name: "Braga" } }]]]);
  expect(await screen.findByText(/stay as they are: Porto – Benfica, Braga – Benfica$/)).toBeDefined();
  expect(screen.getByText(/^This may be Braga – Benfica, whose teams/)).toBeDefined();
});

it("signs nothing where the pool has changed since, and shows what the list changes now", async () => {
  answers(plan(moved(1, 1), moved(2, 2)));
  await read();
  fireEvent.click((await screen.findAllByRole("checkbox")).at(-1) ?? document.body);
  answers(plan(moved(1, 1), moved(2, 2)), [match(1, 5), match(2, 0)]);
  fireEvent.click(screen.getByText("Save 1 change"));
  expect(await screen.findByText(/The pool’s matches have changed in the meantime/)).toBeDefined();
  expect(sign).not.toHaveBeenCalled();
  expect(screen.queryByText(/^Save \d/)).toBeNull();
  fireEvent.click(screen.getAllByRole("checkbox")[0] ?? document.body);
  const button = screen.getByText<HTMLButtonElement>("Save 1 change");
  await waitFor(() => expect(button.disabled).toBe(false));
  fireEvent.click(button);
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
});

it("takes no second press for a difference that has just come", async () => {
  answers(plan(moved(1, 1), moved(2, 2)));
  await read();
  await screen.findByText("Save 2 changes");
  answers(plan(moved(1, 1), moved(2, 2)), [match(1, 5), match(2, 0)]);
  fireEvent.click(screen.getByText("Save 2 changes"));
  const button = await screen.findByText<HTMLButtonElement>("Save 1 change");
  expect(button.disabled).toBe(true);
  fireEvent.click(button);
  await waitFor(() => expect(button.disabled).toBe(false));
  expect(sign).not.toHaveBeenCalled();
  fireEvent.click(button);
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  expect(sign.mock.calls[0]?.[0]).toMatchObject({ act: { fixture: { no: 2 } } });
});

it("stops where a match changes while it signs", async () => {
  answers(plan(moved(1, 1), moved(2, 2)));
  await read();
  sign.mockImplementation(() => {
    queries.setQueryData(matchesOptions().queryKey, [match(1, 1), match(2, 7)] as never);
    answers(plan(moved(2, 2)), [match(1, 1), match(2, 7)]);
    return Promise.resolve([]);
  });
  fireEvent.click(await screen.findByText("Save 2 changes"));
  expect(await screen.findByText(/The pool’s matches have changed in the meantime/)).toBeDefined();
  expect(sign).toHaveBeenCalledTimes(1);
});

it("gives a schedule and a day of one match a verdict each", async () => {
  const both = change(
    1,
    { type: "schedule", fixture: fixture(1, null, "Braga") },
    { type: "day", day: { begins: when(1), ends: when(2) } },
  );
  answers(plan(both), [match(1, null)]);
  await read();
  sign.mockImplementation((office) =>
    office.act.type === "schedule" ? Promise.reject(new Refused("match-started", "it has begun")) : Promise.resolve([]),
  );
  fireEvent.click(await screen.findByText("Save 1 change"));
  const refused = await screen.findByText("it has begun");
  const sent = await screen.findByText("Sent");
  expect(screen.getByText(/Teams: from/).parentElement?.contains(refused)).toBe(true);
  expect(screen.getByText(/On the day from/).parentElement?.contains(sent)).toBe(true);
  expect(await screen.findByText("Save 1 change")).toBeDefined();
});

it("compares again with the days of another zone", async () => {
  const dated = change(1, { type: "day", day: { begins: when(1), ends: when(2) } });
  answers({ ...plan(dated), zone: "UTC+01" }, [match(1, null)]);
  await read();
  fireEvent.click(await screen.findByText("Use another time zone"));
  fireEvent.change(screen.getByLabelText("Which time zone?"), { target: { value: "Europe/Berlin" } });
  answers({ ...plan(dated), zone: "Europe/Berlin" }, [match(1, null)]);
  fireEvent.click(screen.getByText("Compare again"));
  expect(
    await screen.findByText("Matches without a time use the days of this time zone: Europe/Berlin."),
  ).toBeDefined();
  expect(post.mock.lastCall?.[1]).toMatchObject({ body: { text: "a list", zone: "Europe/Berlin" } });
});
