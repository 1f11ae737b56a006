import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { Competition } from "../../node/competitions";
import { promisedOf } from "../../identity/asking/promised";
import { show } from "../../test/show";
import { type Begun } from "./first";
import { Steps } from "./Start";

vi.mock(import("../../rules"), async (original) => ({
  ...(await original()),
  load: () =>
    Promise.resolve({
      checkName: () => Promise.resolve(),
      checkWords: () => Promise.resolve(),
      restoreKeys: () => Promise.resolve({ account: "ana" }),
      keepKeys: () => Promise.resolve("keys"),
    }) as never,
}));

const BEGUN: Begun = {
  token: "t",
  url: "http://localhost:1",
  viewers: "everybody",
  schemes: ["kicktipp"],
  rules: { membership: "invite", tips: "sealed", consensus: "pos", scheme: "kicktipp" },
};

const DAY_MS = 86_400_000;
const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** One that is played from some days ago, or ahead, for a hundred days. */
const known = (code: string, name: string, words = "", begins = -10): Competition => {
  const ends = begins + 100;
  const days = { begins: day(begins), ends: day(ends), days_are_known: true };
  return { code, name, words, ...days, has_copy: code === "es.1", urls: [], zone: "Europe/London" };
};

const KNOWN = [
  known("next.2", "Cup to come", "", 50),
  known("en.1", "Premier League", "England English"),
  known("es.1", "La Liga", "Spain Spanish España Primera División"),
  ...Array.from({ length: 8 }, (_, no) => known(`x.${no}`, `League ${no}`)),
];

const match = (code: string, round: string, date: string, kickoff: string | null = null) => {
  return { code, kickoff, date, stage: "Regular season", round, group: null };
};

const READ = {
  name: "LaLiga",
  matches: [
    match("A1", "Matchday 2", "2030-09-08"),
    match("A2", "Matchday 1", "2030-09-01", "2030-09-01T19:00:00Z"),
    match("A3", "Matchday 1", "2030-09-02"),
  ],
  left_out: [],
  warnings: [],
  odd: [{ odd: "no_time", matches: 2 }],
  file: JSON.stringify({ matches: ["Betis", "Sevilla", "Elche"].map((team1) => ({ team1, team2: "Porto" })) }),
};

const OFFLINE = { code: "refused", status: 422, title: "", type: "about:blank", detail: "there is no net and no copy" };

/** What the server of the first run answers, and what it was asked. */
const server = vi.fn<(path: string, body: unknown) => Response>();

beforeEach(() => {
  server.mockReset();
  server.mockImplementation((path) => {
    if (path.includes("/pool")) return Response.json(OFFLINE, { status: 422 });
    return Response.json(path.endsWith("competitions") ? KNOWN : READ);
  });
  vi.stubGlobal("fetch", async (path: string, { body, signal }: RequestInit) => {
    // What a test before still waits for is no question of this one.
    signal?.throwIfAborted();
    return Promise.resolve(server(path, typeof body === "string" ? JSON.parse(body) : undefined));
  });
});
afterEach(() => vi.unstubAllGlobals());

async function shown(): Promise<void> {
  await show(<Steps begun={BEGUN} />);
  await screen.findByRole("button", { name: /La Liga/ });
}

const type = (text: string): boolean =>
  fireEvent.change(screen.getByLabelText("Search competitions"), { target: { value: text } });
const tap = (name: string | RegExp): boolean => fireEvent.click(screen.getByRole("button", { name }));
const rows = (): string[] =>
  [...document.querySelectorAll("[aria-label=Competitions] strong")].map(({ textContent }) => textContent.trim());

it("proposes five that are played, all on tap, and the way to a list of one's own", async () => {
  await shown();
  expect(rows()).toEqual(["Premier League", "La Liga", "League 0", "League 1", "League 2"]);
  tap("Show 6 more");
  expect(rows()).toHaveLength(11);
  expect(screen.getByRole("button", { name: /My own list/ })).toBeDefined();
});

it("puts first what begins in a few days", async () => {
  server.mockReturnValue(Response.json([...KNOWN, known("near.1", "Near", "", 3)]));
  await shown();
  expect(rows()[0]).toBe("Near In 3 days");
});

it.each([
  ["espana", ["La Liga"]],
  ["PREMIER  lea", ["Premier League"]],
  ["es.1", ["La Liga"]],
  ["come", ["Cup to come"]],
  ["chess", []],
])("finds by %s", async (typed, names) => {
  await shown();
  type(typed);
  expect(rows()).toEqual(names);
  expect(screen.getByText(`${names.length} competition${names.length === 1 ? "" : "s"} found`)).toBeDefined();
});

it("reads one at a tap, says what it holds, and asks for two names", async () => {
  await shown();
  tap(/La Liga/);
  expect(await screen.findByRole("heading", { name: "La Liga" })).toBeDefined();
  expect(server).toHaveBeenLastCalledWith("/api/start/fixtures", { competition: "es.1" });
  expect(screen.getByText(/3 matches · /).textContent).toMatch(/Sep.*2030/);
  expect(screen.getByLabelText<HTMLInputElement>("Name of the pool").value).toBe("La Liga");
  expect(document.activeElement?.textContent).toBe("La Liga");
  expect(screen.getByText(/^The kick-offs of 2 matches aren’t fixed yet/)).toBeDefined();
  expect(screen.queryByText("Worth a look:")).toBeNull();
  expect(screen.getByText("Only people with your link can join.")).toBeDefined();
  expect(screen.getByText("4").parentElement?.textContent).toBe("4exact score");
  expect(screen.getByText("Betis – Porto").closest("details")?.open).toBe(false);
});

it("says of a competition that it needs the web, and which do not", async () => {
  await shown();
  const offline = Response.json({ ...OFFLINE, code: "offline" }, { status: 422 });
  server.mockImplementation((path) => (path.endsWith("fixtures") ? offline : Response.json(KNOWN)));
  tap(/Premier League/);
  expect(await screen.findByText("Couldn’t load Premier League: this computer is offline.")).toBeDefined();
  expect(screen.getByText("La Liga works offline.")).toBeDefined();
});

it("asks before it makes a pool of matches that have all begun", async () => {
  await shown();
  const over = {
    ...READ,
    odd: [
      { odd: "past", matches: 2 },
      { odd: "day_begun", matches: 1 },
    ],
  };
  server.mockImplementation((path) => Response.json(path.endsWith("fixtures") ? over : KNOWN));
  tap(/La Liga/);
  await screen.findByRole("heading", { name: "La Liga" });
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Ana" } });
  tap("Make the pool");
  expect(await screen.findByText(/All 3 matches have already kicked off/)).toBeDefined();
  expect(server).not.toHaveBeenCalledWith("/api/start/pool", expect.anything());
  tap("Make the pool anyway");
  await waitFor(() => expect(server).toHaveBeenCalledWith("/api/start/pool", expect.anything()));
});

it("reads the one that was tapped last", async () => {
  await shown();
  let answerLate: ((answer: Response) => void) | undefined;
  const answers = vi.fn<typeof fetch>();
  answers.mockReturnValueOnce(new Promise((resolve) => (answerLate = resolve)));
  answers.mockResolvedValueOnce(Response.json(READ));
  vi.stubGlobal("fetch", answers);
  tap(/La Liga/);
  await screen.findAllByText("Reading the matches …");
  tap(/Premier League/);
  expect(await screen.findByRole("heading", { name: "Premier League" })).toBeDefined();
  answerLate?.(Response.json(READ));
  await new Promise((resolve) => setTimeout(resolve));
  expect(screen.getByRole("heading", { name: "Premier League" })).toBeDefined();
});

it("says at the row why it cannot be read, in the server's words", async () => {
  await shown();
  server.mockReturnValue(Response.json(OFFLINE, { status: 422 }));
  tap(/La Liga/);
  const says = await screen.findByText(/there is no net and no copy/);
  expect(within(says.closest("li") ?? document.body).getByRole("button", { name: /La Liga/ })).toBeDefined();
  server.mockReturnValue(Response.json(READ));
  tap(/Premier League/);
  expect(await screen.findByRole("heading", { name: "Premier League" })).toBeDefined();
});

/** Types the organiser's name and makes the pool; gives what was asked for. */
async function made(player = "Ana"): Promise<unknown> {
  fireEvent.change(await screen.findByLabelText("What do your friends call you?"), { target: { value: player } });
  tap("Make the pool");
  await waitFor(() => expect(server).toHaveBeenLastCalledWith("/api/start/pool", expect.anything()));
  return server.mock.lastCall?.[1];
}

it.each([true, false])("makes the pool of the competition, with results proposed: %s", async (sources) => {
  await shown();
  tap(/La Liga/);
  if (!sources)
    fireEvent.click(await screen.findByRole("switch", { name: "Propose results automatically", hidden: true }));
  const { rules, viewers } = BEGUN;
  const wish = { name: "La Liga", player: "Ana", fixtures: { competition: "es.1" }, sources, viewers, rules };
  expect(await made()).toEqual(wish);
  expect(await screen.findByText(/there is no net and no copy/)).toBeDefined();
});

const QUESTIONS = "Also ask 3 questions";

it.each([true, false])("has questions come with the pool of a competition: %s", async (on) => {
  const pool = `of ${on}`;
  await shown();
  tap(/La Liga/);
  const questions = await screen.findByRole<HTMLInputElement>("switch", { name: QUESTIONS });
  expect(screen.getByText("Champion · Top scorer’s team · Number of goals")).toBeDefined();
  expect(questions.checked).toBe(true);
  if (!on) fireEvent.click(questions);
  server.mockImplementation((path) =>
    path === "/api/start/pool"
      ? Response.json({
          pool,
          name: "La Liga",
          account: "ana",
          player: "Ana",
          words: "",
          link: "http://localhost:1/join#x",
        })
      : Response.json(OFFLINE, { status: 503 }),
  );
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Ana" } });
  tap("Make the pool");
  expect(await screen.findByText(/^Your pool is ready/)).toBeDefined();
  expect(promisedOf(pool)).toEqual(on ? ["champion", "scorer", "goals"] : []);
  expect(screen.queryAllByText("Your questions are being asked …")).toHaveLength(on ? 1 : 0);
});

it("offers no questions where no kick-off leaves time for them", async () => {
  await shown();
  const over = { ...READ, matches: READ.matches.map((one) => ({ ...one, kickoff: "2020-09-01T19:00:00Z" })) };
  server.mockImplementation((path) => Response.json(path.endsWith("fixtures") ? over : KNOWN));
  tap(/La Liga/);
  await screen.findByLabelText("What do your friends call you?");
  expect(screen.queryByRole("switch", { name: /Also ask/ })).toBeNull();
});

it("shows all rules before anything is made", async () => {
  await shown();
  tap(/La Liga/);
  fireEvent.change(await screen.findByLabelText("What do your friends call you?"), { target: { value: "Ana" } });
  tap("All rules");
  await waitFor(() => expect(server).toHaveBeenLastCalledWith("/api/start/pool?dry_run=true", expect.anything()));
});

it("keeps what was typed to find one on the way back", async () => {
  await shown();
  type("espana");
  tap(/La Liga/);
  fireEvent.click(await screen.findByRole("button", { name: "Back" }));
  expect(rows()).toEqual(["La Liga"]);
});

it("takes a list that is pasted", async () => {
  await shown();
  tap(/My own list/);
  fireEvent.change(screen.getByLabelText("Your list of matches"), { target: { value: "a list" } });
  expect(await screen.findByText("3 matches")).toBeDefined();
  expect(server).toHaveBeenLastCalledWith("/api/start/fixtures", { text: "a list" });
  expect(screen.getByText("Betis – Porto")).toBeDefined();
  expect(screen.getByText("Worth a look:")).toBeDefined();
  tap("Use these 3 matches");
  expect(screen.queryByRole("switch", { hidden: true })).toBeNull();
  const { rules, viewers } = BEGUN;
  expect(await made()).toEqual({ name: "LaLiga", player: "Ana", fixtures: { text: READ.file }, viewers, rules });
});

it("asks who can look, and says what follows", async () => {
  await shown();
  tap(/La Liga/);
  expect(await screen.findByText(/Anyone who has the address can read the table/)).toBeDefined();
  fireEvent.click(screen.getByText("Only players"));
  expect(screen.getByText(/only sees the page for joining/)).toBeDefined();
  expect(await made()).toMatchObject({ viewers: "players" });
});

it("leads back from a list to the competitions", async () => {
  await shown();
  tap(/My own list/);
  tap("Back");
  expect(screen.getByLabelText("Search competitions")).toBeDefined();
});

it("leaves the own list where the competitions cannot be had", async () => {
  server.mockReturnValue(Response.json({ ...OFFLINE, detail: "no token" }, { status: 401 }));
  await show(<Steps begun={BEGUN} />);
  expect(await screen.findByText(/no token/)).toBeDefined();
  expect(rows()).toEqual([]);
  expect(screen.getByRole("button", { name: /My own list/ })).toBeDefined();
});
