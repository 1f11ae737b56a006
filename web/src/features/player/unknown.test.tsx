import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../../test/show";
import { Place } from ".";

it("says that nobody plays under a name", async () => {
  const problem = { code: "not-found", status: 404, title: "", type: "about:blank", detail: "raw words" };
  vi.stubGlobal("fetch", () => Promise.resolve(Response.json(problem, { status: 404 })));
  await show(<Place name="Nobody" />);
  expect(await screen.findByText("No such player")).toBeDefined();
  expect(screen.queryByText(/raw words|24 words/)).toBeNull();
});
