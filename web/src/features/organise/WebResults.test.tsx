import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { ReportedAdminAction } from "../../identity/assent/onChain";
import { node, queries, type Shapes } from "../../node/client";
import { sourcesOptions } from "../../node/live";
import { matchesOptions, poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { WebResults } from "./WebResults";

const said = vi.hoisted(() => vi.fn<(...word: unknown[]) => Promise<void>>());
const sign = vi.fn<(office: ReportedAdminAction) => Promise<string[]>>();

vi.mock("../../keys/say", () => ({ saySources: said }));
vi.mock(import("../../identity/sending/send"), async (original) => ({
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

const open = (sources: Shapes["SourcesBody"]) =>
  show(<WebResults account="ana" votes={[]} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [matchesOptions().queryKey, MATCHES],
    [sourcesOptions().queryKey, sources],
  ]);

beforeEach(() => {
  queries.clear();
  post.mockReset();
  said.mockReset().mockResolvedValue(undefined);
  sign.mockReset().mockResolvedValue(["id"]);
  get.mockReset().mockResolvedValue({ data: { items: MATCHES }, response: new Response() } as never);
  answers(plan());
});

it("turns the lists on by a word, with a competition where none is known, and off", async () => {
  const client = await open(OFF);
  fireEvent.change(await screen.findByLabelText("Code of the competition"), { target: { value: " cup.2026 " } });
  fireEvent.click(screen.getByText("Read its results"));
  await waitFor(() => expect(said).toHaveBeenCalledWith("pool", "ana", true, "cup.2026"));
  const box = screen.getByRole<HTMLInputElement>("switch");
  await waitFor(() => expect(box.checked).toBe(true));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, sources: [] }));
  await waitFor(() => expect(box.disabled).toBe(false));
  fireEvent.click(box);
  await waitFor(() => expect(said).toHaveBeenLastCalledWith("pool", "ana", false, undefined));
});

it("says when a list was heard, and what it does not propose", async () => {
  await open(ON);
  expect((await screen.findByText("openfootball")).closest("li")?.textContent).toMatch(
    /^openfootball, [34].min.* ago$/,
  );
  expect(screen.getByText("1 result is not proposed")).toBeDefined();
  expect(screen.getByText("it may not be over yet").lang).toBe("en");
});

it("signs all results with one button, but not one that was unticked", async () => {
  answers(plan(result(1, 1), result(2, 2)));
  await open(ON);
  await screen.findByText("Sign 2 results");
  fireEvent.click(screen.getByLabelText("Porto – Benfica 2"));
  fireEvent.click(screen.getByText("Sign 1 result"));
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  expect(sign.mock.calls[0]?.[0]).toMatchObject({ act: { type: "result", match_no: 1 } });
  expect(post.mock.lastCall?.[1]).toMatchObject({ body: { text: "", sources: true, account: "ana" } });
});

it("takes what the node hears meanwhile, and leaves unticked what was", async () => {
  answers(plan(result(1, 1), result(2, 2)));
  const client = await open(ON);
  await screen.findByText("Sign 2 results");
  fireEvent.click(screen.getByLabelText("Porto – Benfica 2"));
  answers(plan(result(1, 1), result(2, 2), result(3, 3)));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, ready: 3 }));
  expect(await screen.findByText("3:0")).toBeDefined();
  expect(screen.getByText("Sign 2 results")).toBeDefined();
  expect(screen.getByLabelText<HTMLInputElement>("Porto – Benfica 2").checked).toBe(false);
});

it("does not offer again what was sent and is in no block yet", async () => {
  answers(plan(result(1, 1)));
  const client = await open(ON);
  fireEvent.click(await screen.findByText("Sign 1 result"));
  expect(await screen.findByText(/Signed\. Thank you/)).toBeDefined();
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, sources: [source("2026-01-01T12:00:00Z")] }));
  await waitFor(() => expect(post).toHaveBeenCalledTimes(3));
  expect(screen.queryByText(/^Sign \d/)).toBeNull();
  answers(plan(result(1, 1, "signed")));
  act(() => void client.setQueryData(sourcesOptions().queryKey, { ...ON, sources: [source("2026-01-01T12:05:00Z")] }));
  expect(await screen.findByText("Signed by you, not yet by enough others")).toBeDefined();
});

it("signs nothing where the lists say something else by then", async () => {
  answers(plan(result(1, 1)));
  await open(ON);
  await screen.findByText("Sign 1 result");
  answers(plan(result(1, 5)));
  fireEvent.click(screen.getByText("Sign 1 result"));
  expect(await screen.findByText(/have changed meanwhile/)).toBeDefined();
  expect(await screen.findByText("5:0")).toBeDefined();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(screen.queryByText("1:0")).toBeNull();
  expect(sign).not.toHaveBeenCalled();
});
