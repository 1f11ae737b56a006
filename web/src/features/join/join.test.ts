import { beforeEach, describe, expect, it, vi } from "vitest";

import type { Player } from "../../keys/player";

const signAndSend = vi.fn<() => Promise<string[]>>();
let made = 0;

vi.mock("../../identity/sending/send", async (original) => ({
  ...(await original<typeof import("../../identity/sending/send")>()),
  signAndSend: () => signAndSend(),
}));

const rules = {
  checkName: (name: string) => Promise.resolve(name),
  newKeys: () => Promise.resolve({ account: `bolao1${++made}` }),
  keepKeys: () => Promise.resolve(`keys${made}`),
};
const signer = vi.fn(() => Promise.resolve(rules));

vi.mock("../../keys/signer", () => ({
  openedPool: () => Promise.resolve({ rules }),
  holds: () => undefined,
  signer: () => signer(),
}));

async function ready() {
  const { join } = await import("./join");
  const { keepPlayer, playerOf } = await import("../../keys/player");
  const { Refused } = await import("../../node/refused");
  return {
    join: (name = "Ana", as?: Player) => join("pool", name, undefined, as),
    here: () => playerOf("pool"),
    keepPlayer,
    refusal: (code: string, status = 422) => new Refused(code, code, status),
  };
}

describe("joining", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
    made = 0;
    signAndSend.mockReset().mockResolvedValue([]);
    vi.stubGlobal("fetch", () =>
      Promise.resolve(
        new Response(JSON.stringify({ name: "Ana" }), { headers: { "content-type": "application/json" } }),
      ),
    );
  });

  it("plays as nobody where the pool has just refused, and as the same account at the next try", async () => {
    const { join, here, refusal } = await ready();
    signAndSend.mockRejectedValueOnce(refusal("name-taken"));
    await expect(join()).rejects.toThrow("name-taken");
    expect(here()).toBeUndefined();
    await join("Ada");
    expect(here()).toMatchObject({ account: "bolao11", name: "Ada" });
  });

  it("keeps keys that may be in: nobody answered the first time, and the second time they are", async () => {
    const { join, here, refusal } = await ready();
    signAndSend.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(join()).rejects.toThrow("Failed to fetch");
    signAndSend.mockRejectedValueOnce(refusal("already-joined"));
    await join("Anna");
    expect(here()).toMatchObject({ account: "bolao11", name: "Ana" });
  });

  it.each([
    ["name-taken", 422],
    ["too-many-requests", 429],
    ["busy", 503],
  ])("keeps keys of before where the second try is refused: %s", async (code, status) => {
    const { join, here, refusal } = await ready();
    signAndSend.mockRejectedValueOnce(new TypeError("Failed to fetch"));
    await expect(join()).rejects.toThrow();
    signAndSend.mockRejectedValueOnce(refusal(code, status));
    await expect(join()).rejects.toThrow(code);
    expect(here()).toMatchObject({ account: "bolao11" });
  });

  it("keeps new keys where the node is only busy, or where this page broke down", async () => {
    const { join, here, refusal } = await ready();
    signAndSend.mockRejectedValueOnce(refusal("busy", 503));
    await expect(join()).rejects.toThrow("busy");
    expect(here()).toMatchObject({ account: "bolao11" });
    signAndSend.mockRejectedValueOnce(new Error("rules-ended"));
    await expect(join()).rejects.toThrow("rules-ended");
    expect(here()).toMatchObject({ account: "bolao11" });
  });

  it("asks a player of long standing for the passphrase, and forgets nothing", async () => {
    const { join, here, keepPlayer, refusal } = await ready();
    const old = { account: "bolao1old", name: "Ana", keys: "k", locked: true, written: true, named: null };
    keepPlayer("pool", old);
    signAndSend.mockRejectedValueOnce(refusal("name-taken"));
    await expect(join("Bob")).rejects.toThrow("name-taken");
    expect(signer).toHaveBeenCalled();
    expect(here()).toEqual(old);
  });

  it("brings the key of another pool as it is kept there, and whether its words were written down", async () => {
    const { join, here } = await ready();
    const there = { account: "bolao1b", name: "Bruno", keys: "k", locked: true, written: true, asked_s: 1 };
    await join("Bruno", { ...there, named: { height: 1, hash: "h" } });
    expect(here()).toMatchObject({ account: "bolao1b", name: "Bruno", keys: "k", locked: true, written: true });
    expect([here()?.named, made]).toEqual([null, 0]);
  });

  it("keeps nothing of it where its passphrase is not given, or the name is taken", async () => {
    const { join, here, refusal } = await ready();
    const bruno = { account: "bolao1b", name: "Bruno", keys: "k", locked: true, written: true, named: null };
    signer.mockRejectedValueOnce(new Error("the keys stay locked"));
    await expect(join("Bruno", bruno)).rejects.toThrow("locked");
    expect(here()).toBeUndefined();
    signAndSend.mockRejectedValueOnce(refusal("name-taken"));
    await expect(join("Bruno", bruno)).rejects.toThrow("name-taken");
    expect(here()).toBeUndefined();
    await join("Bruno S", bruno);
    expect(here()).toMatchObject({ account: "bolao1b", name: "Bruno S" });
  });
});
