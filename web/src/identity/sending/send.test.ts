import { beforeEach, describe, expect, it, vi } from "vitest";

import { realRules, signedBy } from "../../test/rules";
import type { ReportedAdminAction } from "../assent/onChain";

const nothing = () => Promise.resolve(undefined);

vi.mock("../../checking/check", () => ({
  readOn: nothing,
  readLately: nothing,
  readBefore: nothing,
  bookedOf: nothing,
}));

interface Sent {
  nonce: number;
  text: string;
}

/** A node that knows the next nonce, from 1 on, and says no as `refuse` does. */
function nodeThat(refuse: (sent: Sent) => string | undefined) {
  const taken: Sent[] = [];
  const answer = (body: unknown, status = 200) =>
    new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
  const fetch = async (asked: Request) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (asked.url.includes("/nonce")) return answer({ next_nonce: taken.length + 1 });
    const body = (await asked.json()) as { transactions?: unknown[]; transaction?: string };
    if (body.transactions !== undefined)
      return answer({ transactions: body.transactions.map(() => ({ accepted: true, void: [] })) });
    const signed = signedBy.get(body.transaction ?? "");
    const sent = { nonce: signed?.nonce ?? 0, text: (signed?.action as Sent).text };
    const code = sent.nonce === taken.length + 1 ? refuse(sent) : "bad-nonce";
    if (code !== undefined) return answer({ code, detail: code, status: 422 }, 422);
    taken.push(sent);
    return answer({ id: sent.text, chips: null }, 202);
  };
  vi.stubGlobal("fetch", vi.fn(fetch));
  return taken;
}

const { rules } = await realRules();

const ME = { pool: "pool", account: "me" };

const act = (text: string) => ({ type: "object", match_no: 1, text }) as const;
const wish = (...texts: string[]) => ({ acts: texts.map(act) });

describe("sending", () => {
  beforeEach(() => vi.resetModules());

  it("gives what is sent at the same moment different nonces", async () => {
    const taken = nodeThat(() => undefined);
    const { signAndSend } = await import("./send");
    await Promise.all(["a", "b", "c"].map((text) => signAndSend(rules, ME, wish(text))));
    expect(taken.map(({ nonce, text }) => `${nonce}${text}`)).toEqual(["1a", "2b", "3c"]);
  });

  it("calls a node busy that turns away without a word, and not away", async () => {
    nodeThat(() => undefined);
    const good = vi.mocked(fetch).getMockImplementation() as (asked: Request) => Promise<Response>;
    vi.stubGlobal("fetch", (asked: Request) =>
      asked.method === "POST" && !asked.url.includes("dry_run")
        ? Promise.resolve(new Response(null, { status: 503, headers: { "retry-after": "1" } }))
        : good(asked),
    );
    const { signAndSend, Unheard } = await import("./send");
    const { isBusy } = await import("../../node/client");
    const error: unknown = await signAndSend(rules, ME, wish("a")).catch((cause: unknown) => cause);
    expect(isBusy(error)).toBe(true);
    expect(error).not.toBeInstanceOf(Unheard);
  });

  it("waits for no answer for ever: what follows has its turn", async () => {
    vi.useFakeTimers();
    try {
      const taken = nodeThat(() => undefined);
      const good = vi.mocked(fetch).getMockImplementation() as (asked: Request) => Promise<Response>;
      let hangs = true;
      vi.stubGlobal("fetch", (asked: Request) => {
        if (!asked.url.includes("/nonce") || !hangs) return good(asked);
        hangs = false;
        return new Promise(() => undefined);
      });
      const { signAndSend } = await import("./send");
      const both = Promise.allSettled(["a", "b"].map((text) => signAndSend(rules, ME, wish(text))));
      await vi.advanceTimersByTimeAsync(31_000);
      expect((await both).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
      expect(taken.map(({ text }) => text)).toEqual(["b"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("goes on with what follows where something was refused", async () => {
    const taken = nodeThat(({ text }) => (text === "a" ? "not-an-organiser" : undefined));
    const { signAndSend } = await import("./send");
    const [first, second] = await Promise.allSettled([
      signAndSend(rules, ME, wish("a")),
      signAndSend(rules, ME, wish("b")),
    ]);
    expect(first.status).toBe("rejected");
    expect(second.status).toBe("fulfilled");
    expect(taken).toHaveLength(1);
  });

  it("signs once more what another tab has overtaken, and only what was not sent", async () => {
    const refusals = [undefined, "nonce-pending", undefined];
    const taken = nodeThat(() => refusals.shift());
    const { signAndSend } = await import("./send");
    await signAndSend(rules, ME, wish("a", "b"));
    expect(taken.map(({ text }) => text)).toEqual(["a", "b"]);
  });

  it("says so where it is overtaken again", async () => {
    nodeThat(() => "nonce-pending");
    const { signAndSend } = await import("./send");
    vi.useFakeTimers();
    try {
      const told = { code: "nonce-pending", passing: true };
      const refused = expect(signAndSend(rules, ME, wish("c"))).rejects.toMatchObject(told);
      await vi.advanceTimersByTimeAsync(30_000);
      await refused;
    } finally {
      vi.useRealTimers();
    }
  });

  it("has what it changes asked again although a part was refused", async () => {
    nodeThat(({ text }) => (text === "b" ? "mempool-full" : undefined));
    const { signAndSend } = await import("./send");
    const { queries } = await import("../../node/client");
    const key = ["get", "/api/v1/transactions", "me"];
    await queries.query({ queryKey: key, queryFn: () => 1 });
    await expect(signAndSend(rules, ME, wish("a", "b"))).rejects.toThrow("mempool-full");
    expect(queries.getQueryState(key)?.isInvalidated).toBe(true);
  });
});

it("signs for organisers what was looked up in the book, and nothing else", async () => {
  vi.resetModules();
  vi.doMock("../../keys/signer", () => ({ signer: () => Promise.resolve(rules) }));
  vi.doMock("../assent/onChain", () => ({ standOnChain: () => Promise.resolve() }));
  const taken = nodeThat(() => undefined);
  const { inOffice } = await import("./send");
  const { keepPlayer } = await import("../../keys/player");
  keepPlayer("pool", { account: "me", name: "Ana", keys: "k", locked: false, written: false, named: null });
  const [bruno, clara, mallory] = (await Promise.all([1, 2, 3].map(() => realRules()))).map(
    ({ account }) => account,
  ) as [string, string, string];
  const office = (account: string, seen = account): ReportedAdminAction => ({
    act: { type: "organiser", account, added: true },
    seen: [{ account: seen, name: "Bruno" }],
  });
  const sign = await inOffice("pool", [office(bruno), office(clara)]);
  for (const other of [office(mallory), office(bruno, mallory)])
    await expect(sign(office(bruno), other)).rejects.toMatchObject({ code: "not-in-book" });
  expect(taken).toHaveLength(0);
  await sign(office(bruno));
  expect(taken).toHaveLength(1);
  vi.doUnmock("../../keys/signer");
  vi.doUnmock("../assent/onChain");
});
