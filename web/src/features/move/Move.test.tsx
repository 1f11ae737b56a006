import { screen, waitFor } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import { arrivedWith, type Moving } from "../../keys/moving";
import { keepPlayer, playerOf } from "../../keys/player";
import { signer } from "../../keys/signer";
import { poolOptions } from "../../node/queries";
import { show } from "../../test/show";
import { Move } from "./Move";

vi.mock("../../keys/signer", () => ({
  openedPool: () => Promise.resolve({ rules: { openKeys: () => Promise.resolve({ account: "bolao1ana" }) } }),
  holds: () => undefined,
  signer: vi.fn(),
}));
vi.mock("../../keys/moving", async (original) => ({
  ...(await original<object>()),
  arrivedWith: vi.fn(),
  backTo: () => "#left",
}));

beforeEach(() => {
  location.hash = "";
  vi.mocked(signer).mockReset();
  keepPlayer("ab12", undefined);
});

const opens = (opened: boolean): void =>
  void vi
    .mocked(signer)
    .mockImplementation(() => (opened ? Promise.resolve({} as never) : Promise.reject(new Error())));

const named = { account: "bolao1ana", name: "Ana", keys: "k", written: true, named: null };

async function arrive(locked: boolean): Promise<void> {
  const moving: Moving = { pool: "ab12", player: { ...named, locked }, back: { origin: "http://10.0.0.2", word: "w" } };
  vi.mocked(arrivedWith).mockReturnValue(encodeURIComponent(JSON.stringify(moving)));
  await show(<Move />, [[poolOptions().queryKey, { id: "ab12" }]], "/move");
}

const press = async (name: string): Promise<void> => userEvent.click(await screen.findByRole("button", { name }));

it.each([
  ["a key", false, true, "#left"],
  ["a locked key that its player opens", true, true, "#left"],
  ["a locked key that stays locked", true, false, ""],
])("%s arrives: the address that was left hears of it only where it opens here", async (_, locked, opened, hash) => {
  opens(opened);
  await arrive(locked);
  await press("Yes, I did");
  await press("Play here as Ana");
  await waitFor(() => expect(signer).toHaveBeenCalledWith("ab12"));
  await waitFor(() => expect(location.hash).toBe(hash));
  expect(playerOf("ab12")?.locked).toBe(locked);
});

it("a key that came before and was not opened is asked for again", async () => {
  keepPlayer("ab12", { ...named, locked: true });
  opens(true);
  await arrive(true);
  await press("To your tips");
  await waitFor(() => expect(location.hash).toBe("#left"));
  expect(signer).toHaveBeenCalled();
});
