import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import { sawMoment } from "../device/seen";
import { keepDraft } from "../identity/drafts/drafts";
import { keepPlayer } from "../keys/player";
import { matchesOptions, poolOptions } from "../node/queries";
import { go } from "../route";
import { film } from "../sentences/film";
import { show } from "../test/show";
import { KickOffWatch } from "./KickOffWatch";

vi.mock(import("../route"), async (original) => ({ ...(await original()), go: vi.fn<typeof go>() }));
const tips = new Map<number, object>();
vi.mock("../identity/drafts/ownTips", () => ({ useOwnTips: () => ({ tips }) }));

const SCORE = { home: 1, away: 0 };
const EXACT = { exact: true, lead: undefined, won: undefined };
const DULL = { ...EXACT, exact: false };

const from = (ago_s: number): string => new Date(Date.now() - ago_s * 1000).toISOString();

const match = (no: number, code: string, more: object) => ({
  no,
  code,
  stage: "Matchday 1",
  home: { name: `${code} United` },
  away: { name: "Bears" },
  postponed: false,
  kickoff: from(7200),
  status: "closed",
  record: null,
  ...more,
});
const ended = (no: number, code: string, ago_s = 1) =>
  match(no, code, {
    status: "provisional",
    record: { version: 0, since: from(ago_s), score: SCORE, outcome: { status: "played" } },
  });
const begins = (no: number, code: string) => match(no, code, { kickoff: from(-5), status: "scheduled" });

let calm = false;
const looked = (ago_s: number): void =>
  localStorage.setItem("bolao.looked.pool", String(Math.floor(Date.now() / 1000) - ago_s));

/** What the player sees who looks at a place; `news`: what each result brought. */
const look = (matches: { code: string }[], news: Record<string, object> = {}, path = "/") =>
  show(<KickOffWatch path={path} />, [
    [poolOptions().queryKey, { id: "pool", totals: { players: 3 } }],
    [matchesOptions().queryKey, matches],
    ...Object.entries(news).map(([code, it]) => [["news", "pool", "me", code, 0], it] as const),
  ]);

const gone = () => vi.mocked(go).mock.calls.map(([to]) => to);
const to = (code: string) => ({ to: "/match/:code/show", params: { code } });

beforeEach(() => {
  vi.mocked(go).mockClear();
  tips.clear();
  film.set([]);
  calm = false;
  looked(3600);
  vi.stubGlobal("matchMedia", () => ({
    matches: calm,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
  keepPlayer("pool", { account: "me", name: "Me", keys: "", locked: false, written: true, named: null });
});

it.each(["/", "/live", "/table", "/match/X"])(
  "takes the player at %s to a result that brought something",
  async (path) => {
    const code = `At${path.replaceAll("/", "")}`;
    await look([ended(1, code)], { [code]: EXACT }, path);
    expect(gone()).toEqual([to(code)]);
  },
);

it("turns no page that has something else to do", async () => {
  await look([ended(1, "Busy")], { Busy: EXACT }, "/organise");
  expect(screen.queryByRole("link")).toBeNull();
  expect(gone()).toEqual([]);
});

it("asks whoever prefers that nothing moves, once", async () => {
  calm = true;
  await look([ended(1, "Calm"), ended(2, "Calmer")], { Calm: EXACT, Calmer: EXACT });
  expect(screen.getByRole("link", { name: "2 matches have finished Watch" })).toBeDefined();
  expect(gone()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(screen.queryByRole("link")).toBeNull();
});

it("asks whoever has drafts", async () => {
  keepDraft("pool", "draft", { home: 1, away: null, stake: 0 });
  await look([ended(1, "Draft")], { Draft: EXACT });
  expect(screen.getByRole("link", { name: "Full time in Draft United – Bears Watch" })).toBeDefined();
  expect(gone()).toEqual([]);
  keepDraft("pool", "draft", undefined);
});

it("shows nothing that brought nothing, that was watched, or that is from before this device knew the pool", async () => {
  looked(60);
  sawMoment("Seen", "fulltime");
  await look([ended(1, "Dull"), ended(2, "Seen"), ended(3, "Old", 600)], { Dull: DULL, Seen: EXACT, Old: EXACT });
  expect(screen.queryByRole("link")).toBeNull();
  expect(gone()).toEqual([]);
  expect(localStorage.getItem("bolao.seen")).toContain("offered fulltime Dull");
});

it("makes one film of kick-offs and of results, to which the player is taken once", async () => {
  for (const no of [2, 3]) tips.set(no, {});
  const matches = [ended(1, "F1"), begins(2, "K1"), begins(3, "K2"), begins(4, "Untipped")];
  await look(matches, { F1: EXACT });
  expect(gone()).toEqual([to("K1")]);
  expect(film.get().map(({ code }) => code)).toEqual(["K1", "K2", "F1"]);
});

it("offers nothing beside a show, and nothing again after it", async () => {
  for (const no of [1, 2]) tips.set(no, {});
  await look([begins(1, "L1"), begins(2, "L2")], {}, "/match/L1/show");
  expect(screen.queryByRole("link")).toBeNull();
  expect(film.get().map(({ code }) => code)).toEqual(["L1", "L2"]);
  await look([begins(1, "L1"), begins(2, "L2")]);
  expect(screen.queryByRole("link")).toBeNull();
  expect(gone()).toEqual([]);
});
