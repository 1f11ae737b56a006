import { act, cleanup, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { keepPlayer } from "../../keys/player";
import { show } from "../../test/show";
import { Pools } from ".";

const BRUNO = { account: "bruno", name: "Bruno", keys: "k", locked: false, written: false, named: null };

const joins = (pool: string, name: string, path: string): void => {
  localStorage.setItem(`bolao.pool.${pool}`, JSON.stringify({ name, path, paths: [path] }));
  keepPlayer(pool, BRUNO);
};

beforeEach(() => {
  localStorage.clear();
  for (const pool of ["f", "o", "g"]) keepPlayer(pool, undefined);
});
afterEach(() => vi.unstubAllGlobals());

it("shows no disc of one pool alone", async () => {
  joins("f", "Family", "/");
  await show(<Pools own="f" />);
  expect(screen.queryByRole("navigation")).toBeNull();
});

it("leads to the same place of another pool, to its tips from a place that it may not have", async () => {
  joins("f", "Family", "/");
  joins("o", "Office", "/p/office/");
  joins("g", "Offside", "/p/offside/");
  const links = async (place: string) => {
    cleanup();
    await show(<Pools own="f" />, [], place);
    const discs = within(await screen.findByRole("navigation", { name: "Your pools" })).getAllByRole("link");
    return discs.map((disc) => [disc.title, disc.getAttribute("href"), disc.textContent]);
  };
  expect(await links("/table")).toEqual([
    ["Family", "/table", "FaFamily"],
    ["Office", "/p/office/table", "OfOffice"],
    ["Offside", "/p/offside/table", "OsOffside"],
  ]);
  expect((await links("/match/AbCd")).map(([, href]) => href)).toEqual(["/", "/p/office/", "/p/offside/"]);
  expect(screen.getByRole("link", { name: "Family" }).getAttribute("aria-current")).toBe("true");
});

it("stands in the rail on a desk, and there alone", async () => {
  joins("f", "Family", "/");
  joins("o", "Office", "/p/office/");
  vi.stubGlobal("matchMedia", () => ({ matches: true, addEventListener: vi.fn(), removeEventListener: vi.fn() }));
  await show(<Pools own="f" />);
  expect(screen.queryByRole("navigation")).toBeNull();
  cleanup();
  await show(<Pools own="f" rail />);
  expect(await screen.findByRole("link", { name: "Office" })).toBeDefined();
});

it("goes as soon as the other pool was left", async () => {
  joins("f", "Family", "/");
  joins("o", "Office", "/p/office/");
  await show(<Pools own="f" />);
  await screen.findByRole("link", { name: "Office" });
  act(() => void keepPlayer("o", undefined));
  expect(screen.queryByRole("navigation")).toBeNull();
});
