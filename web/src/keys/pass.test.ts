import { beforeEach, expect, it, vi } from "vitest";

import { dropPass, hasPass, passOf, takePass } from "./pass";
import { keepPlayer } from "./player";

const say = vi.hoisted(() => vi.fn((text: string, at: number) => Promise.resolve(`${text}@${at}`)));
vi.mock("./signer", () => ({ signer: () => Promise.resolve({ say }) }));

const DAY_S = 86_400;
const written = vi.spyOn(document, "cookie", "set");

beforeEach(() => {
  vi.useFakeTimers({ now: 2_000_000_000_000, toFake: ["Date"] });
  say.mockClear();
  dropPass("pool");
  written.mockClear();
  keepPlayer("pool", { account: "ana", name: "Ana", keys: "", locked: false, written: true, named: null });
});

const later = (days: number): void => void vi.setSystemTime(Date.now() + days * DAY_S * 1000);

it("signs a pass and keeps it in a cookie that other sites do not send", async () => {
  await takePass("pool", false);
  expect(say).toHaveBeenCalledWith("look", 2_000_000_000);
  expect(passOf("pool")).toBe("ana.2000000000.look@2000000000");
  expect(passOf("poo")).toBeUndefined();
  expect(written).toHaveBeenCalledWith(
    `bolao-look-pool=ana.2000000000.look@2000000000; SameSite=Strict; Path=/; Max-Age=${30 * DAY_S}`,
  );
});

it("signs another one once it is old, or another player's", async () => {
  await takePass("pool", false);
  later(14);
  await takePass("pool", false);
  expect(say).toHaveBeenCalledTimes(1);
  later(2);
  expect(hasPass("pool", "ana")).toBe(false);
  await takePass("pool", false);
  expect(say).toHaveBeenCalledTimes(2);
  expect(hasPass("pool", "ana")).toBe(true);
  expect(hasPass("pool", "bruno")).toBe(false);
});

it("signs another one once a clock that was far ahead is right again", async () => {
  later(300);
  await takePass("pool", false);
  expect(hasPass("pool", "ana")).toBe(true);
  later(-300);
  expect(hasPass("pool", "ana")).toBe(false);
  await takePass("pool", false);
  expect(passOf("pool")).toBe("ana.2000000000.look@2000000000");
});

it("signs nothing where nobody plays, and leaves nothing behind", async () => {
  await takePass("pool", false);
  dropPass("pool");
  expect(passOf("pool")).toBeUndefined();
  keepPlayer("pool", undefined);
  await takePass("pool", false);
  expect(passOf("pool")).toBeUndefined();
});
