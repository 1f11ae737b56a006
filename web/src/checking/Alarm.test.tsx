import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { statusOptions } from "../node/queries";
import { show } from "../test/show";
import { Alarm } from "./Alarm";

const url = "https://ana.relay.example";
const link = { url, player: { account: "a1", name: "Ana" }, keys: ["0f"], time: "2030-06-05T12:00:00Z", signature: "" };
const met = { player: { account: "b2", name: "Bruno" }, key: "a7", certificate: "c3", time: link.time, text: "" };

it("says who found somebody between players and a link", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [{ ...link, met: [met] }] }]]);
  const said = screen.getByRole("alert").textContent;
  expect(said).toContain("Bruno’s computer found someone between players and ana.relay.example");
  expect(said).toContain("Don’t type your words at ana.relay.example");
});

it("says nothing while a link has its own key", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [link] }]]);
  expect(screen.queryByRole("alert")).toBeNull();
});
