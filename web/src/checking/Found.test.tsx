import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { Found } from "./Found";
import { differences } from "./state";

it("tells a time that differs as a time", async () => {
  const at_s = 2_000_000_000;
  const [node, own] = [String(at_s), String(at_s + 3600)];
  const sentence = `This computer gives the deadline of A1 as ${node}; the book says ${own}.`;
  differences.set(new Map([["matches", { what: "deadline", match: "A1", node, own, sentence }]]));
  await show(<Found />, []);
  const said = screen.getByRole("alert").textContent;
  expect(said).toContain("Tips close");
  expect(said).toContain("2033");
  expect(said).not.toContain(node);
});
