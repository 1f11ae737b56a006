import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { show } from "../../test/show";
import { Tips } from "./Tips";

const scheduled = (deadline: string) => ({ status: "scheduled", deadline }) as Shapes["MatchBody"];

it("invites to tip for as long as that counts, whatever was asked of the node before", async () => {
  await show(<Tips match={scheduled("2096-01-01T00:00:00Z")} bets={[]} own={undefined} />);
  expect(screen.getByText("Be the first")).toBeDefined();
});

it("invites nobody after the deadline", async () => {
  await show(<Tips match={scheduled("2020-01-01T00:00:00Z")} bets={[]} own={undefined} />);
  expect(screen.queryByText("Be the first")).toBeNull();
});
