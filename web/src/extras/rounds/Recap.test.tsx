import { fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Place } from "../../features/live";
import type { Shapes } from "../../node/client";
import { matchesOptions, poolOptions, standingsOptions } from "../../node/queries";
import { show } from "../../test/show";
import { speak, wordsOfRules } from "../../words/languages";
import { Recap } from "./Recap";
import { toldOf } from "./told";

// A picture that is being made stays where a test can look at it.
vi.mock(import("../../design/share/share"), async (original) => ({
  ...(await original()),
  canShare: () => true,
  sharePicture: () => new Promise(() => undefined),
}));

vi.mock(import("../../words/languages"), async (original) => {
  const languages = await original();
  return { ...languages, wordsOfRules: vi.fn(languages.wordsOfRules) };
});

type Line = Shapes["RecapLineBody"];
type Match = Shapes["MatchBody"];

const of = (name: string) => ({ player: { account: name.toLowerCase(), name } });
const line = (about: Line["about"], template: string, values: object): Line => ({
  about,
  says: { template, values: values as NonNullable<Shapes["SaidBody"]["values"]> },
});

const STAGE = "Quarter-finals";
const POINTS = "{points, plural, one {# point} other {# points}}";
const MORE = "{first}, {second} and {more, plural, one {# other} other {# others}}";
const SPAIN = { teams: ["Spain", "France"] };
const LATER_S = 4_102_444_800;

const WON = line("won", `{round}: won by {who} with ${POINTS}.`, { round: STAGE, who: of("Bruno"), points: 9 });
const TIP = line("tip", "Spot on with {match} {score}: {who}.", {
  ...{ match: SPAIN, score: "2:1" },
  who: { template: MORE, values: { first: of("Ana"), second: of("Bruno"), more: 3 } },
});
const UPSET = line("upset", "Nobody saw {match} {score} coming.", { match: SPAIN, score: "2:1" });
const NEXT = line("next", "Next: {match}, {at}.", { match: { teams: ["Spain", "Brazil"] }, at: { at: LATER_S } });
const NEWER = line("climbed", "{who} flies.", { who: of("Ana") });

const match = (no: number, home: string, away: string, stage = STAGE) =>
  ({
    ...{ no, code: `M${no}`, kickoff: "2020-01-01T12:00:00Z", status: "final", postponed: false, bets: 0 },
    ...{ stage, home: { name: home }, away: { name: away } },
    record: {
      ...{ outcome: { status: "played" }, score: { home: 2, away: 1 }, signers: [], version: 0 },
      ...{ since: "2020-01-01T14:00:00Z", final_at: "2020-01-02T14:00:00Z", provisional: false },
    },
  }) as unknown as Match;
const MATCHES = [match(1, "Spain", "France"), match(2, "Hawks", "Bears")];

const recapOf = (...lines: Line[]) => ({ over: "2020-01-02T14:00:00Z", lines });
const TABLE = { items: [], scored: 2 } as unknown as Shapes["StandingsBody"];

const POOL = [poolOptions().queryKey, { id: "pool", name: "Friends", totals: { players: 3 } }] as const;

const shown = (...lines: Line[]) =>
  show(<Recap stage={STAGE} table={{ ...TABLE, recap: recapOf(...lines) }} matches={MATCHES} />, [POOL], "/live");

const rows = () => screen.queryAllByRole("listitem");
const faces = () => rows().map((row) => row.firstElementChild?.textContent);

afterEach(() => speak("en"));

it("is not drawn before the words of the rules are there", async () => {
  vi.mocked(wordsOfRules).mockReturnValueOnce(new Promise(() => undefined));
  await shown(WON);
  expect(rows()).toEqual([]);
  void wordsOfRules();
  expect(await screen.findByText("Quarter-finals: won by Bruno with 9 points.")).toBeDefined();
});

describe("a recap", () => {
  beforeEach(() => wordsOfRules());

  it("has a line for each sentence, with at most two discs of whom it is about", async () => {
    await shown(WON, TIP, NEXT);
    expect(screen.getByRole("heading").textContent).toBe(STAGE);
    expect(rows().map(({ lastChild }) => lastChild?.textContent)).toEqual([
      "Quarter-finals: won by Bruno with 9 points.",
      "Spot on with Spain – France 2:1: Ana, Bruno and 3 others.",
      expect.stringMatching(/^Next: Spain – Brazil, .*2100/),
    ]);
    expect(faces()).toEqual(["Br", "AnBr", ""]);
  });

  it("is in the reader's language, the round's name too", async () => {
    await speak("de");
    await shown(WON, UPSET);
    expect(rows().map(({ lastChild }) => lastChild?.textContent)).toEqual([
      "Viertelfinale geht an Bruno, mit 9 Punkten.",
      "Eiskalt erwischt, und zwar alle: Spanien – Frankreich 2:1.",
    ]);
  });

  it("leaves out what it has no words for, and is not there where that is all", async () => {
    await shown(NEWER, UPSET);
    expect(rows()).toHaveLength(1);
    expect(screen.getByTestId("shown").textContent).not.toContain("flies");
  });

  it("is not there where there are no words for any of it", async () => {
    await shown(NEWER);
    expect(screen.getByTestId("shown").childElementCount).toBe(0);
  });

  it("has the badges of the match that surprised, if it is one of the round's", () => {
    const teams = (matches: Match[]) => toldOf(recapOf(UPSET), STAGE, matches, 0)[0]?.teams;
    expect(teams(MATCHES)).toEqual([{ name: "Spain" }, { name: "France" }]);
    expect(teams([match(1, "Spain", "France", "Final")])).toEqual([]);
    expect(teams([match(1, "France", "Spain")])).toEqual([]);
  });

  it("does not say of a match that has kicked off that it is next", () => {
    const abouts = (now_s: number) => toldOf(recapOf(WON, NEXT), STAGE, [], now_s).map(({ about }) => about);
    expect(abouts(LATER_S - 1)).toEqual(["won", "next"]);
    expect(abouts(LATER_S)).toEqual(["won"]);
  });

  it("is shared as a text, with days that are right tomorrow, and as a picture", async () => {
    const soon_s = Date.now() / 1000 + 60;
    await shown(WON, UPSET, line("next", "Next: {match}, {at}.", { match: SPAIN, at: { at: soon_s } }));
    expect(rows()[2]?.textContent).toMatch(/(today|tomorrow) \d/);
    const text = screen.getByText(/^Friends: /).textContent.split("\n");
    expect(text.slice(0, 3)).toEqual([
      "Friends: Quarter-finals in a nutshell",
      "Quarter-finals: won by Bruno with 9 points.",
      "Nobody saw Spain – France 2:1 coming.",
    ]);
    expect(text[3]).toMatch(/^Next: Spain – France, [A-Z]/);
    fireEvent.click(screen.getByRole("button", { name: "Share" }));
    const foot = await screen.findByText((text[3] ?? "").replace("\u00a0", " "));
    expect(foot.nextSibling?.textContent).toBe("Bolao");
    expect(screen.getAllByText("Quarter-finals: won by Bruno with 9 points.")).toHaveLength(2);
  });
});

describe("on Live", () => {
  const live = (recap: boolean) => {
    return show(
      <Place />,
      [
        POOL,
        [matchesOptions().queryKey, MATCHES],
        [["get", "/api/v1/transactions", "live"], { pages: [{ items: [] }], pageParams: [""] }],
        [standingsOptions({ stage: STAGE }).queryKey, { ...TABLE, ...(recap && { recap: recapOf(WON) }) }],
      ],
      "/live",
    );
  };

  it("stands for the line that says who won the round", async () => {
    await live(true);
    expect(await screen.findByRole("heading", { name: STAGE })).toBeDefined();
    expect(screen.queryByText("Quarter-finals is over.")).toBeNull();
  });

  it("is not there before the node has it", async () => {
    await live(false);
    expect(await screen.findByText("Quarter-finals is over.")).toBeDefined();
    expect(screen.queryByRole("heading", { name: STAGE })).toBeNull();
  });
});
