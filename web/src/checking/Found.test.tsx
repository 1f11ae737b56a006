import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { Found } from "./Found";
import { differences } from "./state";

it("tells a time that differs as a time", async () => {
  const [node, own] = ["2033-05-18T03:33:20Z", "2033-05-18T04:33:20Z"];
  const sentence = `This computer gives the deadline of A1 as ${node}; the book says ${own}.`;
  differences.set(new Map([["matches", { what: "deadline", match: "A1", node, own, sentence }]]));
  await show(<Found />, []);
  const said = screen.getByRole("alert").textContent;
  expect(said).toContain("Tips close");
  expect(said).toContain("2033");
  expect(said).not.toContain(node);
});
