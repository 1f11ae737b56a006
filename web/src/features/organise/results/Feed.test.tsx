import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { ReportedAdminAction } from "../../../identity/assent/onChain";
import { node, queries, type Shapes } from "../../../node/client";
import { competitionsOptions } from "../../../node/competitions";
import { sourcesOptions } from "../../../node/live";
import { matchesOptions, organisersOptions, poolOptions, votesOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { keepPlayer } from "../../../keys/player";
import { Results } from "./Results";

const said = vi.hoisted(() => vi.fn<(...word: unknown[]) => Promise<void>>());
const sign = vi.fn<(office: ReportedAdminAction) => Promise<string[]>>();

vi.mock("../../../keys/say", () => ({ saySources: said }));
vi.mock(import("../../../identity/sending/send"), async (original) => ({
  ...(await original()),
  inOffice: () => Promise.resolve(sign),
}));

const match = (no: number) => ({
  no,
  code: `A${no}`,
  home: { name: "Porto" },
  away: { name: `Benfica ${no}` },
  kickoff: "2026-01-01T12:00:00Z",
  stage: "Final",
  status: "closed",
  record: null,
  postponed: false,
  bets: 0,
  unopened: 0,
  pot: 0,
});
const MATCHES = [match(1), match(2), match(3)];
const result = (no: number, home: number, verdict = "sign") => ({
  match: { no, code: `A${no}` },
  signs: [{ type: "result", outcome: { status: "played", after_90: { home, away: 0 } } }],
  verdict,
});
const plan = (...changes: object[]) => ({
  name: "Cup",
  matches: 3,
  known: 3,
  left_out: [],
  warnings: [],
  not_in_file: [],
  changes,
});
const OFF: Shapes["SourcesBody"] = { on: false, competition: null, sources: [], ready: 0, waiting: [] };
const source = (heard: string) => ({
  name: "openfootball",
  competition: "Cup",
  heard,
  problem: null,
  next: heard,
  matches: 3,
  known: 3,
});
const ON: Shapes["SourcesBody"] = {
  on: true,
  competition: "cup.2026",
  sources: [source(new Date(Date.now() - 240_000).toISOString())],
  ready: 2,
  waiting: [{ match: { no: 3, code: "A3" }, score: "1:1", sources: ["openfootball"], why: "it may not be over yet" }],
};

const post = vi.spyOn(node, "POST");
const get = vi.spyOn(node, "GET");

function answers(found: unknown): void {
  post.mockResolvedValue({ data: found, response: new Response() });
}

const ANA = { account: "ana", name: "Ana" };
const ON_THE_WAY = ["get", "/api/v1/transactions", "on the way", "ana"];

const open = (sources: Shapes["SourcesBody"]) =>
  show(<Results />, [
    [poolOptions().queryKey, { id: "pool", organisers: [ANA] }],
    [organisersOptions().queryKey, { organisers: [ANA], waiting: [] }],
    [matchesOptions().queryKey, MATCHES],
    [votesOptions().queryKey, []],
    [ON_THE_WAY, { waiting: [], gone: [] }],
    [sourcesOptions().queryKey, sources],
  ]);

/** Presses a button once it can be: what has just come is not confirmed at once. */
async function press(name: string): Promise<void> {
  const button = await screen.findByText<HTMLButtonElement>(name);
  await waitFor(() => expect(button.disabled).toBe(false));
  fireEvent.click(button);
}

const box = (of: number) => screen.getByLabelText<HTMLInputElement>(`Confirm Porto – Benfica ${of}`);
const goals = () => screen.getAllByLabelText<HTMLInputElement>("Goals of Porto").map(({ value }) => value);

beforeEach(() => {
  queries.clear();
  localStorage.clear();
  keepPlayer("pool", { ...ANA, keys: "", locked: false, written: true, named: null });
  post.mockReset();
  said.mockReset().mockResolvedValue(undefined);
  sign.mockReset().mockResolvedValue(["id"]);
  get.mockReset().mockResolvedValue({ data: { items: MATCHES }, response: new Response() } as never);
  answers(plan());
});

const LISTS = "Competition, or the address of a list";

it("turns the lists on by a word, with a competition where none is known, and off", async () => {
  const client = await open(OFF);
  const cup = { code: "cup.2026", name: "Coupe d’Été 2026", words: "Europe" };
  act(() => void client.setQueryData(competitionsOptions().queryKey, [cup] as never));
  const field = await screen.findByLabelText(LISTS);
  fireEvent.change(field, { target: { value: "league" } });
  expect(screen.queryByText(cup.name)).toBeNull();
  fireEvent.change(field, { target: { value: " ete cup" } });
  fireEvent.click(screen.getByText(cup.name));
  await waitFor(() => expect(said).toHaveBeenCalledWith("pool", "ana", true, "cup.2026"));
  const lists = screen.getByRole<HTMLInputElement>("switch", { hidden: true });
  await waitFor(() => expect(lists.checked).toBe(true));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, sources: [] }));
  await waitFor(() => expect(lists.disabled).toBe(false));
  fireEvent.click(lists);
  await waitFor(() => expect(said).toHaveBeenLastCalledWith("pool", "ana", false, undefined));
});

it("turns on the list of an address", async () => {
  await open(OFF);
  fireEvent.change(await screen.findByLabelText(LISTS), { target: { value: " https://example.org/cup.txt " } });
  fireEvent.click(screen.getByText("Read this list"));
  await waitFor(() => expect(said).toHaveBeenCalledWith("pool", "ana", true, "https://example.org/cup.txt"));
});

it("keeps the address of a list that the node refuses", async () => {
  said.mockImplementation(() => new Promise((_, no) => setTimeout(no, 50, new Error("no address of a list"))));
  await open(OFF);
  const field = await screen.findByLabelText<HTMLInputElement>(LISTS);
  fireEvent.change(field, { target: { value: "https://localhost/cup.txt" } });
  fireEvent.click(screen.getByText("Read this list"));
  await screen.findByRole("alert");
  expect(screen.getByLabelText<HTMLInputElement>(LISTS).value).toBe("https://localhost/cup.txt");
});

it("says when a list was heard, and what it does not propose", async () => {
  await open(ON);
  expect((await screen.findByText("openfootball")).closest("li")?.textContent).toMatch(
    /^openfootball, [34].min.* ago$/,
  );
  expect(screen.getByText("1 result is not suggested yet")).toBeDefined();
  expect(screen.getByText("it may not be over yet").lang).toBe("en");
});

it("confirms all results with one button, but not one that was unticked", async () => {
  answers(plan(result(1, 1), result(2, 2)));
  await open(ON);
  await screen.findByText("Confirm 2 results");
  expect(goals()).toEqual(["1", "2", ""]);
  fireEvent.click(box(2));
  await press("Confirm 1 result");
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  expect(sign.mock.calls[0]?.[0]).toMatchObject({ act: { type: "result", match_no: 1 } });
  expect(post.mock.lastCall?.[1]).toMatchObject({ body: { text: "", sources: true, account: "ana" } });
});

it("confirms what was typed over what the lists have", async () => {
  answers(plan(result(1, 1)));
  await open(ON);
  await screen.findByText("Confirm 1 result");
  fireEvent.change(screen.getAllByLabelText("Goals of Porto")[0] ?? document.body, { target: { value: "4" } });
  expect(screen.getByText(/The score feed says/).textContent).toBe("The score feed says 1:0");
  await press("Confirm 1 result");
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  expect(sign.mock.calls[0]?.[0]).toMatchObject({ act: { outcome: { after_90: { home: 4, away: 0 } } } });
});

it("takes what the node hears meanwhile, and leaves unticked what was", async () => {
  answers(plan(result(1, 1), result(2, 2)));
  const client = await open(ON);
  await screen.findByText("Confirm 2 results");
  fireEvent.click(box(2));
  answers(plan(result(1, 1), result(2, 2), result(3, 3)));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, ready: 3 }));
  await waitFor(() => expect(goals()).toEqual(["1", "2", "3"]));
  expect(screen.getByText<HTMLButtonElement>("Confirm 2 results").disabled).toBe(true);
  expect(box(2).checked).toBe(false);
});

it("unticks what the lists say otherwise than before", async () => {
  answers(plan(result(1, 1), result(2, 2)));
  const client = await open(ON);
  await screen.findByText("Confirm 2 results");
  answers(plan(result(1, 1), result(2, 7)));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, ready: 3 }));
  await screen.findByText("Confirm 1 result");
  expect([box(1).checked, box(2).checked]).toEqual([true, false]);
  fireEvent.click(box(2));
  expect(screen.getByText("Confirm 2 results")).toBeDefined();
});

it("does not offer again what was sent and is in no block yet, nor what waits for other organisers", async () => {
  answers(plan(result(1, 1)));
  const client = await open(ON);
  await press("Confirm 1 result");
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  const outcome = { status: "played", after_90: { home: 1, away: 0 } };
  const about = { match: { no: 1, code: "A1" }, about: { no: 1, code: "A1" }, outcome };
  act(
    () =>
      void client.setQueryData(ON_THE_WAY, { waiting: [{ id: "id", action: { type: "result", ...about } }], gone: [] }),
  );
  expect(await screen.findByText("Sent")).toBeDefined();
  expect(screen.queryByText(/^Confirm \d/)).toBeNull();
  answers(plan(result(1, 1, "signed")));
  const vote = { id: "v", type: "result", ...about, signers: [ANA], signatures_needed: 2, signable: true };
  act(() => {
    client.setQueryData(ON_THE_WAY, { waiting: [], gone: [] });
    client.setQueryData(votesOptions().queryKey, [vote] as never);
    client.setQueryData(sourcesOptions().queryKey, { ...ON, sources: [source("2026-01-01T12:05:00Z")] });
  });
  expect(await screen.findByText("You entered this result")).toBeDefined();
  expect(screen.getAllByText("1:0")).toHaveLength(1);
  expect(screen.queryByText(/^Confirm \d/)).toBeNull();
});

it("confirms nothing where the lists say something else by then", async () => {
  answers(plan(result(1, 1)));
  await open(ON);
  await screen.findByText("Confirm 1 result");
  answers(plan(result(1, 5)));
  await press("Confirm 1 result");
  expect(await screen.findByText(/has changed in the meantime/)).toBeDefined();
  expect(goals()[0]).toBe("5");
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(box(1).checked).toBe(false);
  expect(screen.queryByText(/^Confirm \d/)).toBeNull();
  expect(sign).not.toHaveBeenCalled();
});

it("offers a correction that the lists have apart, and unticked", async () => {
  const record = {
    outcome: { status: "played", after_90: { home: 2, away: 2 } },
    signers: [ANA],
    since: "2026-01-01T14:00:00Z",
    objections: 0,
    version: 0,
    provisional: true,
  };
  answers(plan(result(1, 1)));
  const corrected = [{ ...match(1), record }, match(2), match(3)];
  get.mockResolvedValue({ data: { items: corrected }, response: new Response() } as never);
  const client = await open(ON);
  act(() => void client.setQueryData(matchesOptions().queryKey, corrected as never));
  expect(await screen.findByText("Results to confirm")).toBeDefined();
  expect(screen.queryByText(/^Confirm \d/)).toBeNull();
});
