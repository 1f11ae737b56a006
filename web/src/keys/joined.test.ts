import { beforeEach, expect, it, vi } from "vitest";

const BRUNO = { account: "bruno", name: "Bruno", keys: "k", locked: false, written: false, named: null };

beforeEach(() => {
  vi.resetModules();
  localStorage.clear();
});

/** What a page knows that lies at a path of the host. */
async function pageAt(path: string) {
  vi.resetModules();
  vi.doMock("../device/address", () => ({ address: `https://home.example${path}`, inHost: (of: string) => path + of }));
  return { ...(await import("./player")), ...(await import("./joined")) };
}

/** Somebody plays in a pool at a path, and opens its page. */
async function plays(path: string, pool: string, name: string) {
  const page = await pageAt(path);
  page.keepPlayer(pool, BRUNO);
  page.rememberPool(pool, name);
  return page;
}

it("knows the pools that were joined, where they lie, and forgets those that were left", async () => {
  await plays("/p/office", "o", "Office");
  const { keepPlayer, joinedPools, otherPools } = await plays("/p/family", "f", "Family");
  expect(joinedPools("f").map(({ name, path }) => [name, path])).toEqual([
    ["Family", "/p/family/"],
    ["Office", "/p/office/"],
  ]);
  expect(otherPools("f").map(({ pool }) => pool)).toEqual(["o"]);
  keepPlayer("o", undefined);
  expect(joinedPools("f").map(({ pool }) => pool)).toEqual(["f"]);
  expect(localStorage.getItem("bolao.pool.o")).toBeNull();
});

it("takes another pool at another path for no attack", async () => {
  await plays("/p/family", "f", "Family");
  const { playersElsewhere } = await pageAt("/p/office");
  expect(playersElsewhere("o")).toEqual([]);
});

it("warns where a pool stood before, and where earlier pages kept nothing of that", async () => {
  await plays("/p/family", "f", "Family");
  localStorage.setItem("bolao.player.old", JSON.stringify({ ...BRUNO, name: "Bruno of old" }));
  const named = async (path: string) => (await pageAt(path)).playersElsewhere("x").map(({ name }) => name);
  expect(await named("/p/family")).toEqual(["Bruno"]);
  expect(await named("/p/office")).toEqual([]);
  expect(await named("")).toEqual(["Bruno of old"]);
});

it("one pool at two paths is one, and is looked for at both", async () => {
  await plays("", "f", "Family");
  const { joinedPools } = await plays("/p/family", "f", "Family");
  expect(joinedPools("f").map(({ path }) => path)).toEqual(["/p/family/"]);
  for (const path of ["", "/p/family"]) expect((await pageAt(path)).playersElsewhere("x")).toHaveLength(1);
  // Another one is joined at the top: the first one is still at its own path.
  await plays("", "x", "Strangers");
  expect((await pageAt("")).joinedPools("x").map(({ name, path }) => [name, path])).toEqual([
    ["Family", "/p/family/"],
    ["Strangers", "/"],
  ]);
});

it("leads nowhere where another pool has come in its place", async () => {
  await plays("/p/office", "o", "Office");
  const stranger = await pageAt("/p/office");
  expect(stranger.joinedPools("x")).toEqual([]);
  await plays("/p/office", "x", "Strangers");
  const { joinedPools, playersElsewhere } = await pageAt("/p/family");
  expect(joinedPools("f").map(({ name }) => name)).toEqual(["Strangers"]);
  expect(playersElsewhere("f")).toEqual([]);
});

it("goes to no path that is none of this host", async () => {
  const { keepPlayer, joinedPools } = await pageAt("/p/family");
  keepPlayer("o", BRUNO);
  for (const path of [
    "//evil.example/",
    "https://evil.example/",
    "p/office/",
    "/\\evil.example/",
    "javascript:alert(1)//",
  ]) {
    localStorage.setItem("bolao.pool.o", JSON.stringify({ name: "Office", path, paths: [path] }));
    expect(joinedPools("f")).toEqual([]);
  }
});
