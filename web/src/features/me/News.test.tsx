import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { $node } from "../../node/client";
import { show } from "../../test/show";
import { News } from "./News";

const push = vi.hoisted(() => ({
  able: true,
  told: false,
  allowed: true,
}));

vi.mock("../../keys/push", () => {
  class NotAllowed extends Error {}
  return {
    NotAllowed,
    canPush: () => push.able,
    couldPushInstalled: () => !push.able,
    isTold: () => Promise.resolve(push.told),
    keepPushWords: () => Promise.resolve(),
    beTold: () => {
      if (!push.allowed) return Promise.reject(new NotAllowed());
      push.told = true;
      return Promise.resolve();
    },
    stopBeingTold: () => {
      push.told = false;
      return Promise.resolve();
    },
  };
});

const piece = <News pool="pool" account="bolao1a" />;
const of = (key: string | null) => [[$node.queryOptions("get", "/api/v1/push", {}).queryKey, { key }]] as const;

beforeEach(() => Object.assign(push, { able: true, told: false, allowed: true }));

it("one tap begins, one tap ends", async () => {
  await show(piece, of("BA"));
  fireEvent.click(await screen.findByRole("button", { name: /^Notifications/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Turn on notifications" }));
  fireEvent.click(await screen.findByRole("button", { name: "Turn off" }));
  await screen.findByRole("button", { name: "Turn on notifications" });
  expect(push.told).toBe(false);
});

it("says where a browser does not allow it", async () => {
  push.allowed = false;
  await show(piece, of("BA"));
  fireEvent.click(await screen.findByRole("button", { name: /^Notifications/ }));
  fireEvent.click(await screen.findByRole("button", { name: "Turn on notifications" }));
  await screen.findByText(/blocks notifications from this page/);
});

it("is nothing where the node tells nobody, and says what an iPhone wants", async () => {
  await show(piece, of(null));
  expect(screen.queryByText("Notifications")).toBeNull();
  push.able = false;
  await show(piece, of("BA"));
  fireEvent.click(await screen.findByRole("button", { name: "Notifications" }));
  await screen.findByText(/Add to Home Screen/);
  expect(screen.queryByRole("button", { name: "Turn on notifications" })).toBeNull();
});
