import { beforeEach, describe, expect, it, vi } from "vitest";

const TIP = { home: 2, away: 1, stake: 0 };

describe("drafts", () => {
  beforeEach(() => {
    vi.resetModules();
    localStorage.clear();
  });

  it("outlive the page", async () => {
    const before = await import("./drafts");
    before.keepDraft("pool", "PtCh", TIP);
    vi.resetModules();
    const after = await import("./drafts");
    expect(after.draftsOf("pool").tips).toEqual({ PtCh: TIP });
    expect(after.draftsOf("other").tips).toEqual({});
  });

  it("are rubbed out when they were sent, but not if they were changed meanwhile", async () => {
    const { draftsOf, dropSent, keepDraft } = await import("./drafts");
    keepDraft("pool", "PtCh", TIP);
    keepDraft("pool", "NlEn", TIP);
    const sent = draftsOf("pool").tips;
    keepDraft("pool", "NlEn", { ...TIP, away: 3 });
    dropSent("pool", sent);
    expect(draftsOf("pool").tips).toEqual({ NlEn: { ...TIP, away: 3 } });
  });

  it("are not sent by themselves once they are changed", async () => {
    const { draftsOf, keepDraft, wantSent } = await import("./drafts");
    keepDraft("pool", "PtCh", TIP);
    keepDraft("pool", "NlEn", TIP);
    wantSent("pool", ["PtCh", "NlEn"]);
    keepDraft("pool", "PtCh", { ...TIP, home: 3 });
    // The other one still is.
    expect(draftsOf("pool").wanted).toEqual(["NlEn"]);
  });

  it("that make no sense are dropped", async () => {
    localStorage.setItem(
      "bolao.drafts.pool",
      '{"tips":{"A":{"home":2,"away":1,"stake":0},"B":{"home":-1,"away":1,"stake":0},"C":{"home":"x"},"D":null}}',
    );
    const { draftsOf } = await import("./drafts");
    expect(Object.keys(draftsOf("pool").tips)).toEqual(["A"]);
    localStorage.setItem("bolao.drafts.bad", "{");
    expect(draftsOf("bad").tips).toEqual({});
  });

  it("stay for this visit where the browser keeps nothing", async () => {
    const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new DOMException("full", "QuotaExceededError");
    });
    const { draftsOf, keepDraft, unkept } = await import("./drafts");
    keepDraft("pool", "PtCh", TIP);
    expect(draftsOf("pool").tips).toEqual({ PtCh: TIP });
    expect(unkept.get()).toBe(true);
    full.mockRestore();
    keepDraft("pool", "PtCh", TIP);
    expect(unkept.get()).toBe(false);
  });

  it("of two tabs are one: none erases what the other has written", async () => {
    const here = await import("./drafts");
    here.keepDraft("pool", "PtCh", TIP);
    vi.resetModules();
    const there = await import("./drafts");
    there.keepDraft("pool", "NlEn", TIP);
    // The other tab has not heard of it yet.
    here.keepDraft("pool", "BrAr", TIP);
    expect(Object.keys(here.draftsOf("pool").tips)).toEqual(["PtCh", "NlEn", "BrAr"]);
    dispatchEvent(new StorageEvent("storage", { key: "bolao.drafts.pool" }));
    expect(there.draftsOf("pool")).toEqual(here.draftsOf("pool"));
    there.dropSent("pool", there.draftsOf("pool").tips);
    dispatchEvent(new StorageEvent("storage", { key: "bolao.drafts.pool" }));
    expect(here.draftsOf("pool").tips).toEqual({});
  });
});
