import { expect, test, vi } from "vitest";

import { forgetsUnseen, keepPerson, keepPlayer, playerOf, playersElsewhere } from "./player";

test("which browsers forget a page that nobody opens for a week", () => {
  const webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
  const forgetting = [
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${webkit} Version/26.0 Mobile/15E148 Safari/604.1`,
    `Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) ${webkit} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1`,
    `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/26.0 Safari/605.1.15`,
  ];
  const keeping = [
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  ];
  expect(forgetting.map(forgetsUnseen)).toEqual([true, true, true]);
  expect(keeping.map(forgetsUnseen)).toEqual([false, false, false]);
});

test("who plays in other pools at this address", () => {
  const player = { account: "bolao1a", keys: "k", locked: false, written: false, named: null };
  for (const [pool, name] of [
    ["one", "Ana"],
    ["two", "Anita"],
    ["three", "Ana"],
    ["four", ""],
  ] as const)
    keepPlayer(pool, { ...player, name });
  const names = (pool: string) => playersElsewhere(pool).map(({ name }) => name);
  expect(names("one").sort()).toEqual(["", "Ana", "Anita"]);
  expect(names("none").sort()).toEqual(["", "Ana", "Ana", "Anita"]);
});

test("the browser is asked once to keep what a player is", () => {
  const persist = vi.fn(() => Promise.resolve(true));
  vi.stubGlobal("navigator", { storage: { persist } });
  const player = { account: "bolao1a", name: "Ana", keys: "k", locked: false, written: false, named: null };
  keepPlayer("kept", player);
  keepPlayer("kept", { ...player, written: true });
  keepPlayer("kept", undefined);
  expect(persist).toHaveBeenCalledOnce();
  vi.unstubAllGlobals();
});

test("a passphrase locks the same key in every pool, and no other", () => {
  const player = { account: "bolao1a", name: "Ana", keys: "k", locked: false, written: false, named: null };
  keepPlayer("family", player);
  keepPlayer("office", { ...player, name: "Ana at work", named: { height: 1, hash: "h" } });
  keepPlayer("club", { ...player, account: "bolao1b" });
  keepPerson("family", { ...player, keys: "locked", locked: true });
  expect(playerOf("family")).toMatchObject({ name: "Ana", keys: "locked", locked: true });
  expect(playerOf("office")).toMatchObject({ name: "Ana at work", keys: "locked", locked: true, named: { height: 1 } });
  expect(playerOf("club")).toMatchObject({ keys: "k", locked: false });
});
