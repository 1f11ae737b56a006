import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { OpenRow } from "../../features/tips/OpenRow";
import type { Draft } from "../../identity/drafts/draft";
import { draftsOf, keepDraft, useDrafts, whichOf } from "../../identity/drafts/drafts";
import { onTheWayOptions, type OwnTip, useOwnTips } from "../../identity/drafts/ownTips";
import { keepPlayer } from "../../keys/player";
import { openedOptions } from "../../keys/useOpened";
import { $node, type Shapes } from "../../node/client";
import { matchesOptions, playerBetsOptions } from "../../node/queries";
import { show } from "../../test/show";

/** The transaction of a hidden tip, as the book has it. */
const SEAL = { nonce: 7, action: { type: "seal", tips: [{ match: { no: 1 }, commitment: "c1" }] } };
vi.mock(import("../../checking/check"), async (original) => ({
  ...(await original()),
  ownBefore: (() => Promise.resolve(SEAL)) as never,
}));
vi.mock(import("../../keys/signer"), async (original) => ({
  ...(await original()),
  signer: () =>
    Promise.resolve({
      openings: () => Promise.resolve([{ match_no: 1, salt: "", prediction: { through_home: { home: 2, away: 2 } } }]),
    } as never),
}));

const NEVER = new Date(4_000_000_000_000).toISOString();
const MATCH = {
  ...{ no: 1, code: "BrCh", stage: "Round of 16", status: "scheduled", kickoff: NEVER, deadline: NEVER },
  ...{ home: { name: "Brazil" }, away: { name: "Porto" }, record: null, pot: 0, bets: 0, multiplier: 2 },
  counts: [{ template: "who goes through +{points}", values: { points: 1 } }],
} as unknown as Shapes["MatchBody"];

const RULE = { points: 1, stages: ["Round of 16", "Final"] };
const DRAW = { home: 1, away: 1, stake: 0 };

const tipOf = (score: OwnTip["score"]): OwnTip => ({
  ...{ match: { no: 1, code: "BrCh" }, score, stake: 0, state: "stamped", sealed: false, transaction: "t" },
  bet: undefined,
});

interface There {
  pool: string;
  match?: Shapes["MatchBody"];
  tip?: OwnTip | undefined;
  opened?: boolean;
}

function Row({ pool, match = MATCH, tip, opened = false }: There) {
  const draft = useDrafts(pool).tips[whichOf(match)];
  const rest = {
    players: 1,
    plays: true,
    limits: undefined,
    staked: false,
    locked: false,
    fresh: false,
    seal: undefined,
  };
  const none = { lift: () => undefined, open: () => undefined, close: () => undefined, after: 0 };
  return <OpenRow pool={pool} match={match} tip={tip} draft={draft} opened={opened} {...rest} {...none} />;
}

let pools = 0;

/** Shows a row of a pool with this rule; each has drafts of its own. */
async function shown({ rule = RULE, draft, ...more }: Omit<There, "pool"> & { rule?: unknown; draft?: Draft }) {
  pools += 1;
  const pool = `pool ${pools}`;
  keepPlayer(pool, { account: "me", name: "Ana", keys: "k", locked: false, written: true, named: null });
  if (draft !== undefined) keepDraft(pool, whichOf(MATCH), draft);
  const features = rule === undefined ? {} : { through: rule };
  await show(<Row pool={pool} {...more} />, [[openedOptions(pool).queryKey, { pool: { rules: { features } } }]]);
  return { drafted: () => draftsOf(pool).tips[whichOf(MATCH)] };
}

const group = () => screen.queryByRole("group", { name: "Brazil – Porto: who goes through?" });
const chip = (name: string) => screen.getByRole("button", { name });
const pressed = () => ["Brazil", "Porto"].filter((name) => chip(name).getAttribute("aria-pressed") === "true");

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
});

it.each([false, true])("names a team with one tap, and takes it back with another (opened: %j)", async (opened) => {
  const { drafted } = await shown({ opened, draft: DRAW });
  expect(pressed()).toEqual([]);
  fireEvent.click(chip("Brazil"));
  expect([pressed(), drafted()]).toEqual([["Brazil"], { ...DRAW, through: "home" }]);
  fireEvent.click(chip("Porto"));
  expect([pressed(), drafted()]).toEqual([["Porto"], { ...DRAW, through: "away" }]);
  fireEvent.click(chip("Porto"));
  expect([pressed(), drafted()]).toEqual([[], DRAW]);
});

it("makes a draft of a tip that names nobody, and none of the same tip", async () => {
  const { drafted } = await shown({ tip: tipOf({ home: 1, away: 1 }) });
  fireEvent.click(chip("Brazil"));
  expect(drafted()).toEqual({ ...DRAW, through: "home" });
  fireEvent.click(chip("Brazil"));
  expect(drafted()).toBeUndefined();
});

it("forgets the team with the draw, and says it with the score for as long as there is one", async () => {
  const { drafted } = await shown({ opened: true, tip: tipOf({ home: 1, away: 1, through: "away" }), draft: DRAW });
  expect(screen.getByText("1:1 · Porto still counts until you send the change")).toBeDefined();
  fireEvent.click(chip("Brazil"));
  fireEvent.click(chip("One goal more for Porto"));
  expect(drafted()).toEqual({ home: 1, away: 2, stake: 0 });
  expect(group()).toBeNull();
  fireEvent.click(chip("One goal less for Porto"));
  expect([pressed(), drafted()]).toEqual([[], DRAW]);
});

const LOST = { home: 2, away: 1, through: "away" } as const;

it.each([false, true])(
  "takes a team back from a tip that is no draw, and asks no more (opened: %j)",
  async (opened) => {
    const { drafted } = await shown({ opened, tip: tipOf(LOST) });
    expect([pressed(), drafted()]).toEqual([["Porto"], undefined]);
    fireEvent.click(chip("Porto"));
    expect(drafted()).toEqual({ home: 2, away: 1, stake: 0 });
    expect(group()).toBeNull();
  },
);

it("is told of a line", async () => {
  await shown({ tip: tipOf({ home: 1, away: 1, through: "home" }) });
  expect(chip("Brazil – Porto, your tip 1 : 1 · Brazil, confirmed; change")).toBeDefined();
  expect(pressed()).toEqual(["Brazil"]);
});

it.each([
  ["a win", { draft: { ...DRAW, home: 2 } }],
  ["half a score", { draft: { ...DRAW, away: null } }],
  ["nothing", {}],
  ["a hidden tip", { tip: tipOf(null) }],
  ["a match of another round", { draft: DRAW, match: { ...MATCH, stage: "Group A" } }],
  ["a pool without the rule", { draft: DRAW, rule: null }],
  ["a rule without rounds", { draft: DRAW, rule: { points: 1 } }],
])("asks nothing of %s", async (_, there) => {
  await shown(there);
  expect(screen.queryByText("Who goes through?")).toBeNull();
});

it("tells in one line what the match gives", async () => {
  await shown({ opened: true });
  expect(await screen.findByText("points × 2 · who goes through +1")).toBeDefined();
});

function Own() {
  const { tips } = useOwnTips("pool", "me");
  return <Row pool="pool" tip={tips.get(1)} />;
}

it.each([
  ["the node says", { sealed: false, score: { home: 1, away: 1 }, through: "away" }, "Porto"],
  ["this device opens", { sealed: true, commitment: "c1" }, "Brazil"],
])("has the team of an own tip as %s", async (_, bet, team) => {
  keepPlayer("pool", { account: "me", name: "Ana", keys: "k", locked: false, written: true, named: null });
  const nonce = $node.queryOptions("get", "/api/v1/accounts/{account}/nonce", { params: { path: { account: "me" } } });
  const mine = { ...bet, match: { no: 1, code: "BrCh" }, stake: 0, transaction: "t", height: 3, state: "final" };
  await show(<Own />, [
    [openedOptions("pool").queryKey, { pool: { rules: { features: { through: RULE } } } }],
    [nonce.queryKey, { joined: true }],
    [matchesOptions().queryKey, [MATCH]],
    [playerBetsOptions("me").queryKey, [mine]],
    [onTheWayOptions("me").queryKey, { waiting: [], gone: [] }],
  ]);
  await waitFor(() => expect(pressed()).toEqual([team]));
});
