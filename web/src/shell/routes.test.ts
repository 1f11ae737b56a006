import { createMemoryHistory } from "@tanstack/react-router";
import { expect, it, vi } from "vitest";

import { router } from "./routes";

vi.mock(import("./lazyRoute"), async (original) => ({
  ...(await original()),
  room: () => new Promise(() => undefined),
}));

it("leads from what the bar calls tips to the tips", async () => {
  window.scrollTo = () => undefined;
  router.update({ ...router.options, history: createMemoryHistory({ initialEntries: ["/tips"] }) });
  void router.load();
  await vi.waitFor(() => expect(router.latestLocation.pathname).toBe("/"));
});
