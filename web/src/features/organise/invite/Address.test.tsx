import { screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { last } from "../../../checking/state";
import type { Shapes } from "../../../node/client";
import { organisersOptions, poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { Address } from "./Address";

const saidBy = vi.hoisted(() => vi.fn<(link: unknown) => Promise<string | null>>());
vi.mock("../../../checking/link", () => ({ saidBy }));

const URL = "https://zelda.example";
const LINK = { url: URL, player: { account: "bolao1zelda", name: "Zelda" }, keys: ["0f"], time: "", signature: "7a" };
const status = (links: object[]) =>
  ({ link: { url: URL, reach: "anywhere" }, links }) as unknown as Shapes["StatusBody"];

const open = (links: object[], begun: object[] = []) =>
  show(<Address status={status(links)} />, [
    [organisersOptions().queryKey, { organisers: [], addresses: begun, address_signatures_needed: 1 }],
    [poolOptions().queryKey, { id: "pool" }],
  ]);

const ASKED = /Is this your pool’s address/;

/** A computer in between that names its own was offered to organisers to sign, and each player then moved there. */
it("offers no address that nobody has signed", async () => {
  last.set({ pool: "pool", checked: { tip: "t", address: null } as never, at_s: 0, table: true });
  await open([]);
  saidBy.mockResolvedValueOnce(null);
  await open([LINK]);
  await waitFor(() => expect(saidBy).toHaveBeenCalledWith(LINK));
  await open([{ ...LINK, url: "https://another.example" }]);
  expect(screen.queryByText(ASKED)).toBeNull();
});

it("offers the one that a player’s computer has signed as its own, and says whose it is", async () => {
  last.set({ pool: "pool", checked: { tip: "u", address: null } as never, at_s: 0, table: true });
  saidBy.mockResolvedValueOnce("Zelda");
  await open([LINK]);
  expect(await screen.findByText(ASKED)).toBeDefined();
  expect(screen.getByText("Zelda’s computer answers there.")).toBeDefined();
});

it("offers those that organisers have begun to sign", async () => {
  const signers = [{ account: "bolao1ana", name: "Ana" }];
  await open([], [{ address: "https://ours.example", signers }]);
  expect(await screen.findByText(ASKED)).toBeDefined();
});
