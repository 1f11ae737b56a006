import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";

import { playerBetsOptions, playerOptions, poolOptions } from "../node/queries";
import { RulesError, type Beside, type Rules, type SlipReport as Report } from "../rules";
import { show } from "../test/show";
import { speak, type Language } from "../words/languages";
import { SlipReport } from "./SlipReport";
import { last } from "./state";

/** What the book has, by path. */
const book = new Map<string, unknown>();
vi.mock("./check", () => ({ own: (path: string) => Promise.resolve(book.get(path)) }));

const NODES = { match: { no: 1 }, transaction: "ff", score: { home: 0, away: 9 } };
const report = {
  pool: "pool",
  pool_name: "Our cup",
  id: "ff",
  account: "bolao1ana",
  tips: [{ no: 1, says: null, predicted: {}, stake: 0 }],
  places: true,
  block: "b",
  height: 6,
  clock: 0,
  proven: { by: "work", blocks_above: 1 },
  answer: "in_chain",
  void: [],
  own: { is: "held" },
  could_have_made: null,
  matches: [],
} as unknown as Report;

const verifySlip = vi.fn<() => Promise<Report>>().mockResolvedValue(report);
vi.mock(import("../rules"), async (original) => ({
  ...(await original()),
  load: () => Promise.resolve({ verifySlip } as unknown as Rules),
}));

const open = (transaction: string) =>
  show(<SlipReport text="{}" wanted={{ transaction, account: "bolao1ana" }} />, [
    [poolOptions().queryKey, { id: "pool" }],
    [playerOptions("bolao1ana").queryKey, { name: "Clara" }],
    [playerBetsOptions("bolao1ana").queryKey, [NODES]],
  ]);

const ANOTHER = /not for the tip you asked about/;

it("says aloud that a receipt is of something else than was asked for", async () => {
  await open("ee");
  expect(await screen.findByText(ANOTHER)).toBeDefined();
});

it("names who signed as the book that was checked here does, not as the node does", async () => {
  book.set("/api/v1/players/bolao1ana", { name: "Ana" });
  await open("ff");
  expect((await screen.findByText(/Signed by/)).textContent).toBe("Signed by bolao1ana");
  expect(screen.queryByText(ANOTHER)).toBeNull();
  last.set({ pool: "p", checked: { tip: "t" } as never, at_s: 0, table: true });
  expect(await screen.findByRole("link", { name: "Ana" })).toBeDefined();
});

it.each([
  ["bad-slip", /It was changed/],
  ["slip-ahead", /dated in the future/],
  ["newer-slip", /a newer version of Bolao/],
])("says in its own words why a receipt proves nothing: %s", async (code, says) => {
  verifySlip.mockRejectedValueOnce(new RulesError(code, "raw words"));
  await open("ff");
  expect(await screen.findByText(says)).toBeDefined();
  expect(screen.queryByText(/raw words/)).toBeNull();
});

it("shows of a sealed tip the score that the book opens, not the node’s", async () => {
  last.set({ pool: "p", checked: { tip: "u" } as never, at_s: 0, table: true });
  await open("ff");
  expect(await screen.findByText("Hidden")).toBeDefined();
  expect(screen.queryByText("0:9")).toBeNull();
  book.set("/api/v1/players/bolao1ana/bets?limit=500", { items: [{ ...NODES, score: { home: 2, away: 1 } }] });
  last.set({ pool: "p", checked: { tip: "v" } as never, at_s: 0, table: true });
  expect(await screen.findByText("2:1")).toBeDefined();
});

const FIXTURE = { no: 1, code: "A1", home: { name: "Hawks" }, away: { name: "Bears" }, stage: "Final" };
const REVEALED = { ...NODES, score: { home: 1, away: 1 } };

it.each([
  ["a team", { says: "1:1", predicted: { through: "away" } }, undefined, "1:1 · Bears"],
  [
    "a team, also in words",
    { says: "1:1, first team goes through", predicted: { through: "home" } },
    undefined,
    "1:1 · Hawks",
  ],
  ["no team", { says: "1:1", predicted: {} }, undefined, "1:1"],
  ["a team that the book opens", { says: null, predicted: {} }, { ...REVEALED, through: "away" }, "1:1 · Bears"],
  ["no team that the book opens", { says: null, predicted: {} }, { ...REVEALED, through: null }, "1:1"],
])("shows of a tip that names %s what it says", async (_, tip, bet, says) => {
  book.set("/api/v1/players/bolao1ana/bets?limit=500", { items: bet === undefined ? [] : [bet] });
  const tips = [{ no: 1, stake: 0, ...tip }] as Report["tips"];
  verifySlip.mockResolvedValueOnce({ ...report, tips, matches: [FIXTURE] });
  last.set({ pool: "p", checked: { tip: `${says} of ${tip.says ?? "a seal"}` } as never, at_s: 0, table: true });
  await open("ff");
  expect(await screen.findByText(says)).toBeDefined();
});

afterEach(() => speak("en"));

const ANA = { account: "bolao1ana", name: "Ana", organiser: true };
const MADE = { accounts: [ANA], validators: 1, first_block: 1, last_block: 6 };

/** A receipt by a key of long ago: green until now on a page that had read another block. */
const told: [Language, Beside | null, RegExp, RegExp][] = [
  ["en", { is: "refuted", height: 5 }, /^Not in the pool: .*forged/, /different block 5.*Keep this file/],
  ["de", { is: "refuted", height: 5 }, /^Nicht in der Tipprunde: .*gefälscht/, /anderen Block 5.*Behalt die Datei/],
  ["pt", { is: "refuted", height: 5 }, /^Não está no bolão: .*falso/, /outro bloco 5.*Guarde este arquivo/],
  ["en", { is: "other-validators", height: 4 }, /forged/, /others confirm blocks after block 4/],
  ["de", { is: "other-validators", height: 4 }, /gefälscht/, /Nach Block 4 bestätigen dort andere/],
  ["pt", { is: "other-validators", height: 4 }, /falso/, /depois do bloco 4, são outros/],
  ["en", { is: "above", height: 3 }, /^Not compared: .* only up to block 3/, /of block 6/],
  ["de", { is: "above", height: 3 }, /^Nicht verglichen: .* nur bis Block 3/, /von Block 6/],
  ["pt", { is: "above", height: 3 }, /^Não comparado: .* só até o bloco 3/, /do bloco 6/],
  ["en", { is: "branched" }, /^Not in the pool/, /different block 6/],
  ["de", { is: "branched" }, /^Nicht in der Tipprunde/, /anderen Block 6/],
  ["pt", { is: "branched" }, /^Não está no bolão/, /outro bloco 6/],
  ["en", null, /^Not compared with the pool/, /It says/],
  ["de", null, /^Nicht mit der Tipprunde verglichen/, /Laut Beleg/],
  ["pt", null, /^Não comparado com o bolão/, /O recibo diz/],
];

it.each(told)("calls valid only what the book that was read here holds: %s %o", async (language, own, is, why) => {
  await speak(language);
  verifySlip.mockResolvedValueOnce({ ...report, own, could_have_made: MADE });
  await open("ff");
  expect(await screen.findByText(is)).toBeDefined();
  expect(screen.getByText(why)).toBeDefined();
  const who = { en: /Ana, an organiser, could/, de: /Ana aus der Spielleitung/, pt: /Ana, da organização/ }[language];
  expect(screen.getByText(who)).toBeDefined();
  expect(screen.queryByText(/^(Valid|Echt|Válido)/)).toBeNull();
});

/** Such a tip was sent, and counts for nothing: the receipt was green. */
it("never calls a tip valid that came too late", async () => {
  verifySlip.mockResolvedValueOnce({ ...report, void: [1] });
  await open("ff");
  expect(await screen.findByText(/^In the pool, but too late/)).toBeDefined();
  expect(screen.queryByText(/^Valid/)).toBeNull();
  const tips = [...report.tips, { no: 2, says: "1:0", predicted: {}, stake: 0 }];
  verifySlip.mockResolvedValueOnce({ ...report, id: "fe", tips, void: [1] });
  await open("fe");
  expect(await screen.findByText(/^1 tip in it came too late/)).toBeDefined();
});

it("says how many could have made a receipt together", async () => {
  const accounts = [ANA, { account: "bolao1bento", name: null, organiser: false }];
  verifySlip.mockResolvedValueOnce({ ...report, own: null, could_have_made: { ...MADE, accounts, validators: 3 } });
  await open("ff");
  expect(await screen.findByText(/2 of 3 validators together \(Ana and bolao1bento…\)/)).toBeDefined();
});

it("asks anew with each block that is read here", async () => {
  last.set({ pool: "p", checked: { tip: "w" } as never, at_s: 0, table: true });
  verifySlip.mockResolvedValueOnce({ ...report, own: { is: "above", height: 3 }, could_have_made: MADE });
  await open("ff");
  expect(await screen.findByText(/^Not compared/)).toBeDefined();
  last.set({ pool: "p", checked: { tip: "x" } as never, at_s: 0, table: true });
  expect(await screen.findByText(/^Valid/)).toBeDefined();
  expect(screen.queryByText(/^Not compared/)).toBeNull();
});
