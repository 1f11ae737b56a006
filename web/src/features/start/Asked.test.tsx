import { screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { promiseToAsk } from "../../identity/asking/promised";
import type { Template } from "../../identity/asking/templates";
import { Refused } from "../../node/refused";
import { show } from "../../test/show";
import { Asked } from "./Asked";

const ask = vi.fn<(pool: string) => Promise<Template[] | undefined>>();
vi.mock("../../identity/asking/askPromised", () => ({ askPromised: (pool: string) => ask(pool) }));

beforeEach(() => {
  ask.mockReset().mockResolvedValue(["champion", "goals"]);
  promiseToAsk("pool", ["champion", "goals"]);
});

it("waits for the node", async () => {
  await show(<Asked pool="pool" running={false} />);
  expect(screen.getByText("Your questions are being asked …")).toBeDefined();
  expect(ask).not.toHaveBeenCalled();
});

it("says what is asked, and where to change it", async () => {
  await show(<Asked pool="pool" running />);
  const says = await screen.findByText(/^Asked: Champion · Number of goals/);
  expect(says.querySelector("a")?.getAttribute("href")).toBe("/organise?desk=questions");
  expect(ask).toHaveBeenCalledTimes(1);
});

it("says why nothing is asked, and where to do it", async () => {
  ask.mockRejectedValueOnce(new Refused("not-an-organiser", ""));
  await show(<Asked pool="pool" running />);
  expect(await screen.findByText(/^Your questions couldn’t be asked/)).toBeDefined();
  expect(screen.getByText("Only organisers can do this.")).toBeDefined();
});

it("says so where it was too late for all of it", async () => {
  ask.mockResolvedValueOnce([]);
  await show(<Asked pool="pool" running />);
  expect(await screen.findByText(/^Your questions couldn’t be asked/)).toBeDefined();
});

it("asks and says nothing where nothing was promised, or another tab has done it", async () => {
  ask.mockResolvedValueOnce(undefined);
  await show(<Asked pool="pool" running />);
  await waitFor(() => expect(screen.queryByText(/questions/)).toBeNull());
  promiseToAsk("pool", []);
  await show(<Asked pool="pool" running />);
  expect(ask).toHaveBeenCalledTimes(1);
});
