import { screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { Shapes } from "../node/client";
import { show } from "../test/show";
import { History } from "./History";

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json({ items: [] })));
});

const open = (kickoff: string) =>
  show(<History of={{ code: "A1", no: 1, kickoff, record: null } as unknown as Shapes["MatchBody"]} />);

it("tells how a result came once there is one to come", async () => {
  await open("2020-01-01T00:00:00Z");
  expect(await screen.findByText("No result has been entered yet.")).toBeDefined();
});

it("tells nothing of a match that has not begun", async () => {
  await open("2096-01-01T00:00:00Z");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(screen.queryByText("Result history")).toBeNull();
});
