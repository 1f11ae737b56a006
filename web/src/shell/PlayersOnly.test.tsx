import { fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { takePass } from "../keys/pass";
import { keepPlayer } from "../keys/player";
import { StaysLocked } from "../keys/signer";
import { queries } from "../node/client";
import { outside } from "../node/outside";
import { poolOptions } from "../node/queries";
import { show } from "../test/show";
import { PlayersOnly } from "./PlayersOnly";

vi.mock(import("../keys/pass"), async (original) => ({
  ...(await original()),
  hasPass: () => false,
  takePass: vi.fn<typeof takePass>(),
}));

const ANA = { account: "ana", name: "Ana", keys: "", locked: false, written: true, named: null };
const SAYS = "Only players can look at this pool";

/** What the node answers once there is a pass. */
const askedAgain = vi.spyOn(queries, "invalidateQueries");

beforeEach(() => {
  vi.stubGlobal("fetch", () => new Promise(() => undefined));
  keepPlayer("pool", undefined);
  outside.set(true);
  askedAgain.mockReset().mockResolvedValue();
  vi.mocked(takePass).mockReset().mockResolvedValue();
});

const shown = (always = false) =>
  show(
    <PlayersOnly always={always}>
      <p>The table</p>
    </PlayersOnly>,
    [[poolOptions().queryKey, { id: "pool" }]],
  );

it("shows the pool to whomever the node lets look, and signs nothing", async () => {
  outside.set(false);
  keepPlayer("pool", ANA);
  await shown();
  expect(screen.getByText("The table")).toBeDefined();
  expect(takePass).not.toHaveBeenCalled();
});

it("says to others who may look, and how to become one", async () => {
  await shown();
  expect(screen.getByText(SAYS)).toBeDefined();
  expect(screen.queryByText("The table")).toBeNull();
  expect(screen.getByText("Join, or enter your 24 words").getAttribute("href")).toBe("/join");
  expect(takePass).not.toHaveBeenCalled();
});

it("shows everybody what joining needs", async () => {
  await shown(true);
  expect(screen.getByText("The table")).toBeDefined();
});

it("lets a player in without a question", async () => {
  askedAgain.mockImplementation(() => {
    outside.set(false);
    return Promise.resolve();
  });
  keepPlayer("pool", ANA);
  await shown();
  expect(await screen.findByText("The table")).toBeDefined();
  expect(takePass).toHaveBeenCalledWith("pool", false);
});

it("asks a player for the passphrase of a locked key", async () => {
  vi.mocked(takePass).mockImplementation((_, ask) =>
    ask ? Promise.resolve() : Promise.reject(new StaysLocked("locked")),
  );
  keepPlayer("pool", { ...ANA, locked: true });
  await shown();
  fireEvent.click(await screen.findByText("Unlock"));
  await waitFor(() => expect(takePass).toHaveBeenLastCalledWith("pool", true));
  await waitFor(() => expect(askedAgain).toHaveBeenCalled());
});

it("does not sign on and on for somebody whom the node does not know", async () => {
  keepPlayer("pool", ANA);
  await shown();
  expect(await screen.findByText(SAYS)).toBeDefined();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(vi.mocked(takePass).mock.calls.length).toBeLessThan(4);
});
