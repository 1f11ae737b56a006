import { beforeEach, expect, it, vi } from "vitest";

import type { Shapes } from "../../node/client";
import type { Joined } from "../../keys/joined";
import { keepPlayer } from "../../keys/player";
import { StaysLocked } from "../../keys/signer";
import { realRules, signedBy } from "../../test/rules";
import { draftsOf, keepDraft, whichOf } from "../drafts/drafts";
import { matchOf } from "./same";
import { sendThere } from "./sendThere";

const own = await realRules("open");
const other = await realRules("sealed");
const hex = Buffer.from(other.genesis).toString("hex");
const { matches: first } = await other.rules.openPool(hex, other.pool);

let locked = false;
const ends = vi.fn();
const paths: string[] = [];

vi.mock(import("../../rules"), async (original) => ({
  ...(await original()),
  loadAt: (path: string) => {
    paths.push(path);
    return { rules: other.rules, end: () => void ends() };
  },
}));
vi.mock(import("../../keys/signer"), async (original) => {
  const real = await original();
  return {
    ...real,
    signer: () => (locked ? Promise.reject(new real.StaysLocked("locked")) : Promise.resolve(own.rules)),
  };
});
vi.mock(import("../shares/deliver"), async (original) => ({
  ...(await original()),
  deliverThere: () => Promise.resolve(true),
}));

const kickOff = (at: number) => new Date(Date.now() + (at + 1) * 86_400_000).toISOString();
const MATCHES = first.slice(0, 2).map(
  ({ no, code, home, away, stage }, at) =>
    ({
      ...{ no, code, home, away, stage, kickoff: kickOff(at), deadline: kickOff(at) },
      ...{ status: "scheduled", postponed: false, bets: 0, unopened: 0, pot: 0 },
    }) as unknown as Shapes["MatchBody"],
);
const NUMBERS = MATCHES.map(({ no }) => ({ match: { no } }));

const JOINED: Joined = {
  ...{ pool: other.pool, name: "Office", path: "/p/office/" },
  player: { account: own.account, name: "Bruno", keys: "k", locked: false, written: true, named: null },
};
const WANTED = MATCHES.map((match) => ({ match: matchOf(match), home: 2, away: 1 }));

interface There {
  id?: string;
  bets?: object[];
  away?: boolean;
}

/** The node below `/p/office`, and what it was sent; whatever is asked elsewhere is a mistake. */
function nodeThat({ id = other.pool, bets = [], away = false }: There = {}) {
  const sent: { type: string; tips: { match: { no: number } }[] }[] = [];
  const answer = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  vi.stubGlobal("fetch", async (asked: Request | string) => {
    const { pathname } = new URL(typeof asked === "string" ? asked : asked.url, location.origin);
    if (!pathname.startsWith("/p/office/")) throw new Error(`asked elsewhere: ${pathname}`);
    if (away) return new Response("Bad Gateway", { status: 502 });
    const path = pathname.slice("/p/office/api/v1".length);
    if (path === "/pool/genesis.bin") return new Response(other.genesis);
    if (path === "/pool") return answer({ id, totals: { transactions: 3 } });
    if (path === "/matches") return answer({ items: MATCHES });
    if (path.endsWith("/bets")) return answer({ items: bets });
    if (path.endsWith("/nonce")) return answer({ next_nonce: 1 + sent.length });
    if (path === "/openings") return answer({ seals: [], keepers: [], has_keepers: false });
    if (typeof asked === "string" || asked.method === "GET") return answer({});
    const body = (await asked.json()) as { transactions?: object[]; transaction?: string };
    if (body.transactions !== undefined)
      return answer({ transactions: body.transactions.map(() => ({ accepted: true, void: [] })) });
    const signed = signedBy.get(body.transaction ?? "");
    if (signed !== undefined) sent.push(signed.action as (typeof sent)[number]);
    return answer({ id: signed?.id, chips: null }, 202);
  });
  return sent;
}

const send = () => sendThere(JOINED, own.pool, WANTED);

beforeEach(() => {
  localStorage.clear();
  locked = false;
  ends.mockClear();
  paths.length = 0;
  keepPlayer(own.pool, JOINED.player);
  keepPlayer(other.pool, JOINED.player);
  for (const which of Object.keys(draftsOf(other.pool).tips)) keepDraft(other.pool, which, undefined);
});

it("signs by the other pool's rules with the key of this one, and keeps there what was sent", async () => {
  const sent = nodeThat();
  expect(await send()).toMatchObject({ sent: 2, same: 0, absent: 0 });
  expect(sent).toMatchObject([{ type: "seal", tips: NUMBERS }]);
  const kept = (pool: string) => localStorage.getItem(`bolao.sent.${pool}.${own.account}`);
  expect(kept(other.pool)).toContain("commitment");
  expect(kept(own.pool)).toBeNull();
  expect(draftsOf(other.pool).tips).toEqual({});
  expect(paths).toEqual(["/p/office/"]);
  await vi.waitFor(() => expect(ends).toHaveBeenCalledOnce(), 5_000);
});

it("leaves out what says the same there, as its own key reads it, and keeps another stake", async () => {
  const sent = nodeThat();
  await send();
  const [, second] = MATCHES as [Shapes["MatchBody"], Shapes["MatchBody"]];
  expect(await sendThere(JOINED, own.pool, [...WANTED.slice(0, 1)])).toMatchObject({ sent: 0, same: 1 });
  expect(sent).toHaveLength(1);
  keepDraft(other.pool, whichOf(second), { home: 0, away: 0, stake: 0 });
  expect(await sendThere(JOINED, own.pool, [{ match: matchOf(second), home: 3, away: 3 }])).toMatchObject({ sent: 1 });
});

it("asks nothing of another pool that lies where this one did", async () => {
  const sent = nodeThat({ id: "strangers" });
  await expect(send()).rejects.toMatchObject({ code: "other-pool" });
  expect([sent, draftsOf(other.pool).tips]).toEqual([[], {}]);
  await vi.waitFor(() => expect(ends).toHaveBeenCalledOnce(), 5_000);
});

it("fails as where nobody answers while its page gives something else", async () => {
  nodeThat({ away: true });
  await expect(send()).rejects.toBeInstanceOf(TypeError);
});

it("sends nothing while the key stays locked", async () => {
  const sent = nodeThat();
  locked = true;
  await expect(send()).rejects.toBeInstanceOf(StaysLocked);
  expect(sent).toEqual([]);
});
