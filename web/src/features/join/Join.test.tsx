import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { keepPlayer } from "../../keys/player";
import { Refused } from "../../node/refused";
import { openedOptions } from "../../keys/useOpened";
import { queries, type Shapes } from "../../node/client";
import { outside } from "../../node/outside";
import { inviterOptions, poolOptions } from "../../node/queries";
import { load, RulesError, type Rules } from "../../rules";
import { show, type Answer } from "../../test/show";
import { Join } from "./Join";
import { fragment, join } from "./join";

vi.mock(import("../../rules"), async (original) => ({ ...(await original()), load: vi.fn<typeof load>() }));

vi.mock(import("./join"), async (original) => ({ ...(await original()), join: vi.fn<typeof join>() }));

/** What the node says. */
const POOL = { id: "pool", name: "Our cup", membership: "invite", organisers: [], totals: { players: 3 } };

const MADE = { id: "pool", name: "Our cup", membership: "invite", bets: "sealed", starting_chips: 1000, rules: {} };

/** The pool as the node says, and as its genesis has it. */
const answers = (made: object = {}, said: Shapes["SaidBody"][] = [], node: object = {}): Answer[] => [
  [poolOptions().queryKey, { ...POOL, ...node }],
  [openedOptions("pool").queryKey, { pool: { ...MADE, ...made }, said }],
];

const readInvitation = vi.fn<Rules["readInvitation"]>();

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  vi.mocked(load).mockResolvedValue({ readInvitation } as unknown as Rules);
  location.hash = "#an-invitation";
  localStorage.clear();
});

async function focusName(): Promise<void> {
  const field = await screen.findByLabelText("What do your friends call you?");
  act(() => field.focus());
}

/** Shows the page to somebody who begins to type a name. */
async function typing(node: readonly Answer[]): Promise<void> {
  await show(<Join />, node);
  await focusName();
}

const shown = () => typing(answers());

it("reads nothing with the rules before somebody types a name, or has looked for a while", async () => {
  vi.mocked(load).mockClear();
  await show(<Join />, [
    [poolOptions().queryKey, { ...POOL, id: "quiet", organisers: [{ account: "ana", name: "Ana" }] }],
  ]);
  expect(screen.getByText("Ana invites you", { exact: false })).toBeDefined();
  expect(load).not.toHaveBeenCalled();
  await focusName();
  await waitFor(() => expect(load).toHaveBeenCalled());
});

it("tells a link that has ended before a name is typed", async () => {
  const ticket = { organiser: "ana", uses: 3, expires: 1_000 };
  readInvitation.mockResolvedValue({ pool: "pool", named: null, ticket, text: "whole" });
  await show(<Join />, answers());
  expect(await screen.findByText(/This invitation has expired/)).toBeDefined();
  expect(screen.queryByText("Join and tip")).toBeNull();
}, 12_000);

it("says where only players may look who invites by the link, at once, and not how many play", async () => {
  outside.set(true);
  const ticket = { organiser: "ana", uses: 3, expires: 4_000_000_000 };
  readInvitation.mockResolvedValue({ pool: "pool", named: null, ticket, text: "whole", kept: "bolao1ticket" });
  await show(<Join />, [...answers(), [inviterOptions("bolao1ticket").queryKey, { account: "ana", name: "Ana" }]]);
  expect(await screen.findByText("Ana invites you", { exact: false })).toBeDefined();
  expect(screen.queryByText(/ in$/)).toBeNull();
  expect(screen.queryByText("Just browse")).toBeNull();
  outside.set(false);
});

it("keeps the link for whoever looks around before typing a name", async () => {
  readInvitation.mockReturnValue(new Promise(() => undefined));
  await show(<Join />, answers());
  fireEvent.click(screen.getByText("Just browse"));
  expect(JSON.parse(localStorage.getItem("bolao.invitation.pool") ?? "")).toMatchObject({ link: "an-invitation" });
});

it("keeps the invitation for whoever looks around first, and comes back without the link", async () => {
  readInvitation.mockResolvedValue({
    pool: "pool",
    named: null,
    ticket: { organiser: "ana", uses: 3, expires: 4_000_000_000 },
    text: "whole",
  });
  await shown();
  await waitFor(() => expect(localStorage.length).toBe(1));
  cleanup();
  location.hash = "";
  readInvitation.mockClear();
  await shown();
  expect(screen.queryByText(/You need an invitation/)).toBeNull();
  await waitFor(() => expect(readInvitation).toHaveBeenCalledWith("whole"));
});

it("calls a link damaged that the rules cannot read", async () => {
  readInvitation.mockRejectedValue(new RulesError("bad-invitation", "no invitation"));
  await shown();
  expect(await screen.findByText(/Part of this link is missing/)).toBeDefined();
});

it.each([
  ["unknown-invitation", /doesn’t know this link/],
  ["other-invitation", /gave a different invitation/],
])("says of a short link what is wrong with it: %s", async (code, says) => {
  readInvitation.mockRejectedValue(new RulesError(code, "said by the node"));
  await shown();
  expect(await screen.findByText(says)).toBeDefined();
  expect(screen.queryByText("Join and tip")).toBeNull();
});

it("lets nobody join before a link is read", async () => {
  readInvitation.mockReturnValue(new Promise(() => undefined));
  await shown();
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  expect(screen.getByText("Join and tip").closest("button")?.disabled).toBe(true);
});

it("does not blame the link where the rules did not start", async () => {
  readInvitation.mockRejectedValue(new RulesError("rules-ended", "the rules did not start"));
  await shown();
  expect(await screen.findByText(/didn’t load/)).toBeDefined();
  expect(screen.queryByText(/is missing/)).toBeNull();
});

it("says that the node is busy, and asks for the invitation again by itself", async () => {
  readInvitation.mockRejectedValueOnce(new RulesError("busy", "the node is busy"));
  readInvitation.mockResolvedValue({ pool: "pool", named: null, ticket: null, text: "whole" });
  await shown();
  expect(await screen.findByText(/is busy. Trying again automatically/)).toBeDefined();
  expect(screen.queryByText("Try again")).toBeNull();
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  await waitFor(() => expect(screen.getByText("Join and tip").closest("button")?.disabled).toBe(false));
  expect(screen.queryByText(/is busy/)).toBeNull();
});

it("joins once a busy node has time", async () => {
  location.hash = "";
  vi.mocked(join)
    .mockRejectedValueOnce(new Refused("unavailable", "busy", 503))
    .mockResolvedValue();
  await show(<Join />, answers({ membership: "open" }));
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  fireEvent.click(screen.getByText("Join and tip"));
  expect(await screen.findByText(/Trying again automatically/)).toBeDefined();
  await waitFor(() => expect(join).toHaveBeenCalledTimes(2));
});

it("does not repeat by itself what the pool refuses", async () => {
  location.hash = "";
  vi.mocked(join)
    .mockReset()
    .mockRejectedValue(new Refused("name-taken", "taken", 409));
  await show(<Join />, answers({ membership: "open" }));
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  fireEvent.click(screen.getByText("Join and tip"));
  expect(await screen.findByText(/That name’s taken/)).toBeDefined();
  expect(join).toHaveBeenCalledTimes(1);
});

it("reads a link with a stray per cent sign", () => {
  location.hash = "#ab%2Fc";
  expect(fragment()).toBe("ab/c");
  location.hash = "#ab%c";
  expect(fragment()).toBe("ab%c");
});

it("shows all rules over the page, so that the name stays where it is", async () => {
  location.hash = "";
  await show(<Join />, answers({ membership: "open" }, [{ template: "Anyone can join." }]));
  expect(screen.queryByText("Anyone can join.")).toBeNull();
  fireEvent.click(screen.getByText("All rules"));
  const rule = await screen.findByText("Anyone can join.");
  expect(rule.closest("dialog")).not.toBeNull();
});

it("shows them also to who plays already", async () => {
  keepPlayer("pool", { account: "ana", name: "Ana", keys: "", locked: false, written: true, named: null });
  await show(<Join />, answers({}, [{ template: "Anyone can join." }]));
  expect(screen.getByText("You’re already in as Ana.")).toBeDefined();
  fireEvent.click(screen.getByText("All rules"));
  expect(await screen.findByText("Anyone can join.")).toBeDefined();
  keepPlayer("pool", undefined);
});

it("says of the pool what its genesis has, whatever the node says", async () => {
  const scoring = { kind: "best", exact: 4, difference: 3, tendency: 2 };
  const lies = { name: "Another cup", membership: "open", tips: "open", starting_chips: 9 };
  location.hash = "";
  await show(<Join />, answers({ rules: { scoring } }, [], lies));
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Our cup");
  expect(screen.getByText("Hidden until kick-off, then all tips are revealed.")).toBeDefined();
  expect(screen.getByText("You start with 1,000 chips of play money.")).toBeDefined();
  expect(screen.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
    "4exact score",
    "3goal difference",
    "2right winner or draw",
  ]);
  expect(screen.getByText(/You need an invitation/)).toBeDefined();
});

it("shows what the node gives as the genesis at once, and lets nobody join before the rules have read it", async () => {
  location.hash = "";
  const file = { name: "Our cup", starting_chips: 0, rules: { tips: "sealed" } };
  vi.mocked(load).mockReturnValue(new Promise(() => undefined));
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(file))));
  await show(<Join />, [[poolOptions().queryKey, { ...POOL, id: "unread", name: "Another cup", membership: "open" }]]);
  expect(await screen.findByText("Hidden until kick-off, then all tips are revealed.")).toBeDefined();
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Our cup");
  fireEvent.change(screen.getByLabelText("What do your friends call you?"), { target: { value: "Clara" } });
  expect(screen.getByText("Join and tip").closest("button")?.disabled).toBe(true);
});

it.each([
  ["the rules do not start", () => new Promise<Rules>(() => undefined)],
  ["the rules do not end", () => Promise.resolve({ openPool: () => new Promise(() => undefined) } as unknown as Rules)],
])("says after a while, and once, that the rules are not checked yet, where %s", async (_, starts) => {
  location.hash = "";
  const file = { name: "Our cup", starting_chips: 0, rules: { tips: "sealed" } };
  vi.mocked(load).mockImplementation(starts);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(file))));
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    await typing([[poolOptions().queryKey, { ...POOL, id: "hangs", membership: "open" }]]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(screen.queryByText(/still checking/)).toBeNull();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(screen.getAllByText(/still checking that these are the pool’s rules/)).toHaveLength(1);
  } finally {
    vi.useRealTimers();
  }
});

it("says after a while that the link is not read yet", async () => {
  readInvitation.mockReturnValue(new Promise(() => undefined));
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    await shown();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(screen.getByText(/still reading the link/)).toBeDefined();
    expect(screen.queryByText(/still checking/)).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

it.each([
  ["never ends", () => new ReadableStream()],
  ["is far too long", () => "[".repeat(5 << 20)],
])("says that the computer does not answer where its genesis %s", async (_, body) => {
  location.hash = "";
  vi.mocked(load).mockResolvedValue({ openPool: () => new Promise(() => undefined) } as unknown as Rules);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body())));
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    queries.clear();
    await typing([[poolOptions().queryKey, { ...POOL, id: "had by nobody", membership: "open" }]]);
    await vi.advanceTimersByTimeAsync(21_000);
    expect(await screen.findByText(/Can’t reach the pool’s computer/)).toBeDefined();
    expect(screen.queryByText("Join and tip")).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

/** Shows the page where what the node gives as genesis cannot be opened. */
async function unopened(error: Error, genesis = "{}"): Promise<void> {
  location.hash = "";
  // Not before it was drawn.
  const openPool = () => new Promise((_, reject) => setTimeout(() => reject(error), 50));
  vi.mocked(load).mockResolvedValue({ openPool } as unknown as Rules);
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(genesis)));
  await typing([[poolOptions().queryKey, { ...POOL, name: "Another cup", membership: "open" }]]);
}

it("lets nobody join where the genesis is not the one that the pool’s id names, and shows nothing of the node’s", async () => {
  await unopened(new RulesError("other-pool", "its rules are others"));
  expect(await screen.findByText(/shows different rules from the ones the pool was made with/)).toBeDefined();
  expect(screen.queryByText("Join and tip")).toBeNull();
  expect(screen.queryByText("Another cup")).toBeNull();
});

it("says so also where what the node gives cannot be drawn", async () => {
  const file = { name: "Our cup", starting_chips: 0, rules: { tips: "sealed", scoring: null } };
  await unopened(new RulesError("other-pool", "its rules are others"), JSON.stringify(file));
  expect(await screen.findByText(/shows different rules from the ones the pool was made with/)).toBeDefined();
});

it("blames nobody where the rules did not start", async () => {
  await unopened(new RulesError("rules-ended", "the rules did not start"));
  expect(await screen.findByText(/reads the rules didn’t load/)).toBeDefined();
});

const BRUNO = { account: "bruno", name: "Bruno", keys: "k", locked: false, written: true, named: null };

/** The page for somebody who plays in another pool of this host, whose page lies at a path. */
async function toPlayer(path = "/p/family/", made: object = {}): Promise<void> {
  const ticket = { organiser: "ana", uses: 3, expires: 4_000_000_000 };
  readInvitation.mockResolvedValue({ pool: "pool", named: null, ticket, text: "whole" });
  keepPlayer("pool", undefined);
  keepPlayer("family", BRUNO);
  localStorage.setItem("bolao.pool.family", JSON.stringify({ name: "Family", path, paths: [path] }));
  await show(<Join />, answers(made));
}

const press = async (name: string): Promise<void> => {
  const button = await screen.findByRole("button", { name });
  await waitFor(() => expect((button as HTMLButtonElement).disabled).toBe(false));
  fireEvent.click(button);
};

it("takes one tap of whoever plays here in another pool", async () => {
  vi.mocked(join).mockReset().mockResolvedValue();
  await toPlayer();
  expect(screen.queryByLabelText("What do your friends call you?")).toBeNull();
  await press("Join as Bruno");
  await waitFor(() => expect(join).toHaveBeenCalledWith("pool", "Bruno", expect.anything(), BRUNO));
});

it("lets them type another name where theirs is taken, for the same key", async () => {
  vi.mocked(join).mockReset().mockRejectedValueOnce(new Refused("name-taken", "taken")).mockResolvedValue();
  await toPlayer();
  await press("Join as Bruno");
  const field = await screen.findByLabelText("What do your friends call you?");
  expect(screen.getByText(/That name’s taken/)).toBeDefined();
  fireEvent.change(field, { target: { value: "Bruno S" } });
  await press("Join and tip");
  await waitFor(() => expect(join).toHaveBeenLastCalledWith("pool", "Bruno S", expect.anything(), BRUNO));
});

it("lets somebody else type a name, with a key of their own", async () => {
  vi.mocked(join).mockReset().mockResolvedValue();
  await toPlayer();
  await press("As somebody else");
  const field = await screen.findByLabelText("What do your friends call you?");
  fireEvent.change(field, { target: { value: "Clara" } });
  await press("Join and tip");
  await waitFor(() => expect(join).toHaveBeenCalledWith("pool", "Clara", expect.anything(), undefined));
});

it("offers no key of a pool in whose place this one stands", async () => {
  await toPlayer("/");
  expect(await screen.findByLabelText("What do your friends call you?")).toBeDefined();
  expect(screen.queryByText("Join as Bruno")).toBeNull();
});

it("takes those who played in the pool before without a link, under the names that are kept for them", async () => {
  vi.mocked(join).mockReset().mockResolvedValue();
  location.hash = "";
  const known = [{ account: BRUNO.account, name: "Bruno of old" }];
  await toPlayer("/p/family/", { rules: { features: { next: { after: "1f", known } } } });
  await press("Join as Bruno of old");
  const kept = { ...BRUNO, name: "Bruno of old" };
  await waitFor(() => expect(join).toHaveBeenCalledWith("pool", "Bruno of old", undefined, kept));
});

it("asks everybody else for a link", async () => {
  location.hash = "";
  const known = [{ account: "somebody else", name: "Clara" }];
  await toPlayer("/p/family/", { rules: { features: { next: { after: "1f", known } } } });
  expect(await screen.findByText(/You need an invitation to join this pool/)).toBeDefined();
  expect(screen.queryByText("Join as Bruno")).toBeNull();
});
