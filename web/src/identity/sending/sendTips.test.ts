import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";
import type { QuestionBody } from "../../node/questions";
import { questionOf } from "../../test/questions";
import { realRules, signedBy } from "../../test/rules";

const nothing = () => Promise.resolve(undefined);

vi.mock("../../checking/check", () => ({
  own: () => matchesOnChain().then(asPage),
  ownLately: (path: string) =>
    path.includes("questions") ? Promise.resolve({ items: questionsLately }) : matchesLately().then(asPage),
  readOn: nothing,
  readLately: nothing,
  readBefore: nothing,
  bookedOf: nothing,
}));

const NOW_S = 1_000;

const match = (no: number, code: string, deadline_s: number) =>
  ({
    no,
    code,
    home: { name: `home of ${code}` },
    away: { name: "away" },
    status: "scheduled",
    deadline: new Date(deadline_s * 1000).toISOString(),
  }) as Shapes["MatchBody"];

const MATCHES = [match(1, "PtCh", 2_000), match(2, "NlEn", 2_000), match(3, "BrAr", 500)];

interface Tips {
  tips: { match: { no: number } }[];
}

const real = await realRules("sealed");
const idOf = (url: string) => url.split("/").at(-1) ?? "";

/** A node that takes everything but tips on the matches of `late`, and remembers what it was sent. */
function nodeWith(late: number[], { mute = false, lost = false } = {}) {
  const sent: number[][] = [];
  const answer = (body: unknown, status = 200) =>
    Promise.resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } }));
  const known = new Set<string>();
  const isLate = ({ tips }: Tips) => tips.some(({ match }) => late.includes(match.no));
  const fetch = async (asked: Request | string): Promise<Response> => {
    const url = typeof asked === "string" ? asked : asked.url;
    if (url.endsWith("/genesis.bin")) return Promise.resolve(new Response(real.genesis));
    if (url.endsWith("/status")) return answer({});
    if (url.includes("/questions")) return answer({ items: questionsLately });
    if (url.includes("/nonce")) return answer({ next_nonce: 7 + sent.length });
    if (asked instanceof Request && asked.method === "GET")
      return lost || !known.has(idOf(url))
        ? answer({ code: "not-found", detail: "", status: 404 }, 404)
        : answer({ state: "waiting", action: { type: "seal", tips: [] } });
    const body = (await (asked as Request).json()) as { transactions?: { action: Tips }[]; transaction?: string };
    if (body.transactions !== undefined) {
      const verdict = ({ action }: { action: Tips }) =>
        isLate(action) ? { accepted: false, code: "bet-after-kickoff", void: [] } : { accepted: true, void: [] };
      return answer({ transactions: body.transactions.map(verdict) });
    }
    const signed = signedBy.get(body.transaction ?? "");
    const tips = signed?.action as Tips;
    if (isLate(tips)) return answer({ code: "bet-after-kickoff", detail: "over", status: 409 }, 409);
    sent.push(tips.tips.map(({ match }) => match.no));
    if (signed !== undefined) known.add(signed.id);
    if (mute) throw new TypeError("the connection broke");
    return answer({ id: signed?.id, chips: null }, 202);
  };
  vi.stubGlobal("fetch", vi.fn(fetch));
  return sent;
}

const matchesOnChain = vi.fn<() => Promise<Shapes["MatchBody"][] | undefined>>();

const matchesLately = vi.fn<() => Promise<Shapes["MatchBody"][] | undefined>>();

let questionsLately: QuestionBody[] = [];

const asPage = (items: Shapes["MatchBody"][] | undefined) => items && { items };

vi.mock("../../keys/signer", () => ({
  signer: (_: string, ask = true) =>
    locked && !ask ? Promise.reject(new Error("the keys are locked")) : Promise.resolve(real.rules),
  openedPool: () => Promise.resolve({ first: MATCHES }),
}));
let locked = false;

async function ready() {
  const { keepPlayer } = await import("../../keys/player");
  const { draftsOf, keepDraft, whichOf } = await import("../drafts/drafts");
  const { sendTips } = await import("./sendTips");
  const { ofMatch } = await import("../tippable");
  keepPlayer("pool", { account: "me", name: "Clara", keys: "k", locked: false, written: false, named: null });
  for (const match of MATCHES) keepDraft("pool", whichOf(match), { home: 2, away: 1, stake: 0 });
  const send = (matches = MATCHES, again = false) => sendTips({ id: "pool" }, matches.map(ofMatch), NOW_S, again);
  const drafted = () => Object.keys(draftsOf("pool").tips).map((which) => (JSON.parse(which) as string[])[1]);
  return { send, drafted, keepDraft, whichOf, drafts: () => draftsOf("pool") };
}

describe("sending tips", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
    locked = false;
    matchesOnChain.mockReset().mockResolvedValue(MATCHES);
    matchesLately.mockReset().mockResolvedValue(undefined);
    questionsLately = [];
  });

  it("sends all that are open with one signature, and keeps what was closed as a draft", async () => {
    const sent = nodeWith([]);
    const { send, drafted } = await ready();
    const done = await send();
    expect(sent).toEqual([[1, 2]]);
    expect(done.late).toEqual([]);
    expect(drafted()).toEqual(["BrAr"]);
  });

  it("sends nothing on a match that the book has with other teams", async () => {
    const sent = nodeWith([]);
    const { send, drafted } = await ready();
    matchesOnChain.mockResolvedValue(MATCHES.map((match) => ({ ...match, no: 4 - match.no })));
    await expect(send()).rejects.toMatchObject({ code: "not-in-book" });
    expect(sent).toEqual([]);
    expect(drafted()).toHaveLength(3);
  });

  it("reads the book on for no teams that it has as far as it was read", async () => {
    const sent = nodeWith([]);
    const { send } = await ready();
    matchesLately.mockResolvedValue(MATCHES);
    await send();
    expect(sent).toEqual([[1, 2]]);
    expect(matchesOnChain).not.toHaveBeenCalled();
  });

  it("keeps nobody from a tip where the book cannot be read", async () => {
    const sent = nodeWith([]);
    const { send } = await ready();
    matchesOnChain.mockResolvedValue(undefined);
    await send();
    expect(sent).toEqual([[1, 2]]);
  });

  it("sends nothing on teams that neither the book nor the pool’s beginning has by that number", async () => {
    const sent = nodeWith([]);
    const { send, keepDraft, whichOf } = await ready();
    matchesOnChain.mockResolvedValue(undefined);
    const swapped = MATCHES.map((match) => ({ ...match, home: match.away, away: match.home }));
    // What was written on other teams is no draft on these.
    expect(await send(swapped)).toEqual({ sent: [], late: [] });
    for (const match of swapped) keepDraft("pool", whichOf(match), { home: 3, away: 0, stake: 0 });
    await expect(send(swapped)).rejects.toMatchObject({ code: "not-in-book" });
    expect(sent).toEqual([]);
    matchesOnChain.mockResolvedValue(swapped);
    await send(swapped);
    expect(sent).toEqual([[1, 2]]);
  });

  it("leaves out what has just closed, sends the others and says which", async () => {
    const sent = nodeWith([2]);
    const { send, drafted } = await ready();
    const done = await send();
    expect(sent).toEqual([[1]]);
    expect(done.late.map(({ on }) => on.code)).toEqual(["NlEn"]);
    expect(drafted()).toEqual(["NlEn", "BrAr"]);
  });

  it("does not send again what arrived although nobody answered", async () => {
    const sent = nodeWith([], { mute: true });
    const { send, drafted, drafts } = await ready();
    await expect(send()).rejects.toThrow("nobody answered");
    expect(drafted()).toHaveLength(3);
    expect(drafts().wanted).not.toEqual([]);
    await send();
    expect(sent).toEqual([[1, 2]]);
    expect(drafted()).toEqual(["BrAr"]);
    expect(drafts().wanted).toEqual([]);
  });

  it("hands over the same once more where it did not arrive, and signs nothing else for its place", async () => {
    const { send, drafted, drafts } = await ready();
    const { sentOf } = await import("../../keys/sent");
    nodeWith([], { mute: true, lost: true });
    await expect(send()).rejects.toThrow("nobody answered");
    expect(sentOf({ pool: "pool", account: "me" })).toMatchObject([{ fate: "sent" }]);
    // It may be swallowed again: it stays kept, and what was written stays to be sent.
    await expect(send()).rejects.toThrow("the connection broke");
    expect(drafts().wanted).not.toEqual([]);
    const sent = nodeWith([], { lost: true });
    await send();
    expect(sent).toEqual([[1, 2]]);
    expect(sentOf({ pool: "pool", account: "me" })).toMatchObject([{ fate: "again" }]);
    expect(drafted()).toEqual(["BrAr"]);
  });

  it("keeps everything, and wants it sent, while nobody answers", async () => {
    nodeWith([]);
    const { send, drafted, drafts } = await ready();
    vi.mocked(fetch).mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(send()).rejects.toThrow("Failed to fetch");
    expect(drafted()).toHaveLength(3);
    expect(drafts().wanted).not.toEqual([]);
  });

  it("keeps what no book can tell, and wants it sent, while nobody answers", async () => {
    nodeWith([]);
    const { send, keepDraft, whichOf, drafts } = await ready();
    const honest = vi.mocked(fetch).getMockImplementation();
    vi.mocked(fetch).mockImplementation((to, how) =>
      to instanceof Request && to.url.endsWith("/status")
        ? Promise.reject(new TypeError("Failed to fetch"))
        : (honest?.(to, how) ?? Promise.reject(new Error("no node"))),
    );
    matchesOnChain.mockResolvedValue(undefined);
    const later = [{ ...match(9, "Final", 2_000) }];
    for (const one of later) keepDraft("pool", whichOf(one), { home: 1, away: 0, stake: 0 });
    await expect(send(later)).rejects.toThrow("Failed to fetch");
    expect(drafts().wanted).not.toEqual([]);
  });

  it("wants nothing sent by itself any more once the node said no, or the keys are locked", async () => {
    nodeWith([]);
    const { send, drafts, whichOf } = await ready();
    const good = vi.mocked(fetch).getMockImplementation();
    const { wantSent } = await import("../drafts/drafts");
    const { keepPlayer } = await import("../../keys/player");
    const problem = { code: "too-many-requests", detail: "too many", status: 429 };
    vi.mocked(fetch).mockImplementation((to) =>
      typeof to === "string"
        ? (good?.(to) ?? Promise.reject(new Error("no node")))
        : Promise.resolve(
            new Response(JSON.stringify(problem), { status: 429, headers: { "content-type": "application/json" } }),
          ),
    );
    wantSent("pool", MATCHES.map(whichOf));
    await expect(send()).rejects.toThrow("too many");
    expect(drafts().wanted).toEqual([]);

    wantSent("pool", MATCHES.map(whichOf));
    locked = true;
    const other = { account: "you", name: "Clara", keys: "k", locked: true, written: false, named: null };
    keepPlayer("pool", other);
    await expect(send(MATCHES, true)).rejects.toThrow("locked");
    expect(drafts().wanted).toEqual([]);
  });

  it("wants nothing sent by itself any more once it was tried, all of it too late", async () => {
    nodeWith([1, 2]);
    const { send, drafts, whichOf } = await ready();
    const { wantSent } = await import("../drafts/drafts");
    wantSent("pool", MATCHES.map(whichOf));
    const done = await send();
    expect(done.late).toHaveLength(2);
    expect(drafts().wanted).toEqual([]);
  });

  it("sends again only what waits, and tells what waited too long", async () => {
    const sent = nodeWith([]);
    const { send, drafted, drafts, whichOf } = await ready();
    const { wantSent } = await import("../drafts/drafts");
    const [one, , closed] = MATCHES as [Shapes["MatchBody"], Shapes["MatchBody"], Shapes["MatchBody"]];
    wantSent("pool", [one, closed].map(whichOf));
    const done = await send(MATCHES, true);
    expect(sent).toEqual([[1]]);
    expect(done.late.map(({ on }) => on.code)).toEqual(["BrAr"]);
    expect(drafted()).toEqual(["NlEn", "BrAr"]);
    expect(drafts().wanted).toEqual([]);
  });

  it("sends an answer later too, where nobody answers at first", async () => {
    const { drafts, keepDraft } = await ready();
    const { queries } = await import("../../node/client");
    const { matchesOptions, questionsOptions } = await import("../../node/queries");
    const { tippableNow } = await import("../tippable");
    const { whichSlot } = await import("../answers/answer");
    const { sendTips } = await import("./sendTips");
    const question = questionOf();
    const which = whichSlot(question, question.no);
    queries.setQueryData(matchesOptions().queryKey, []);
    queries.setQueryData(questionsOptions().queryKey, [question]);
    matchesLately.mockResolvedValue([]);
    questionsLately = [question];
    keepDraft("pool", which, { home: 0, away: 1, stake: 0 });
    const send = async (again: boolean) => sendTips({ id: "pool" }, await tippableNow(), NOW_S, again);

    nodeWith([]);
    vi.mocked(fetch).mockRejectedValue(new TypeError("Failed to fetch"));
    await expect(send(false)).rejects.toThrow("Failed to fetch");
    expect(drafts().wanted).toEqual([which]);

    // The page was opened anew meanwhile, and has not asked for the questions yet.
    queries.removeQueries({ queryKey: questionsOptions().queryKey });
    const sent = nodeWith([]);
    const done = await send(true);
    expect(sent).toEqual([[question.no]]);
    expect(done.sent.map(({ on }) => on.name)).toEqual([question.text]);
    expect(drafts()).toMatchObject({ wanted: [] });
    expect(drafts().tips).not.toHaveProperty([which]);
  });
});
