import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { statusOptions } from "../node/queries";
import { show } from "../test/show";
import { Alarm } from "./Alarm";

const url = "https://ana.relay.example";
const link = { url, player: { account: "a1", name: "Ana" }, keys: ["0f"], time: "2030-06-05T12:00:00Z", signature: "" };
const met = {
  player: { account: "b2", name: "Bruno" },
  key: "a7",
  certificate: "c3",
  time: link.time,
  code: "foreign-key",
  level: "bad",
  subject: "link",
  values: { seer: "Bruno", host: "Ana", url },
  text: "Bruno's node met another key",
};

it("says who found somebody between players and a link", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [{ ...link, met: [met] }] }]]);
  const said = await screen.findByText(/found someone between players and Ana’s computer/);
  expect(screen.getByRole("alert").textContent).toBe(
    `${said.textContent}According to the pool’s computer. This device can’t check it.`,
  );
  expect(said.textContent).toContain(`Bruno’s computer found someone between players and Ana’s computer at ${url}`);
  expect(said.textContent).toContain("Don’t type your words there");
});

const logged = {
  ...met,
  log: "crt.sh",
  id: "9876543210",
  code: "logged-key",
  values: { reader: "Bruno", host: "Ana", url, log: "crt.sh", id: "9876543210", key: "a7" },
  text: "according to crt.sh there is a certificate",
};
const newOfProxy = { ...logged, code: "logged-key-of-proxy", level: "warning" };

it("says which log lists somebody else’s certificate for a link, and that it may be wrong", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [{ ...link, logged: [newOfProxy, logged] }] }]]);
  const said = await screen.findByText(/^According to crt\.sh/);
  expect(screen.getAllByRole("alert")).toHaveLength(1);
  expect(screen.getByRole("alert").textContent).toContain(said.textContent);
  expect(said.textContent).toContain(`someone other than Ana has a certificate for ${url}`);
  expect(said.textContent).toContain("Don’t type your words there");
});

it("says softly that a proxy may have a new certificate", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [{ ...link, logged: [newOfProxy] }] }]]);
  await screen.findByText(/^According to crt\.sh, there is a new certificate/);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("says nothing while a link has its own key", async () => {
  await show(<Alarm />, [[statusOptions().queryKey, { links: [link] }]]);
  expect(screen.queryByRole("alert")).toBeNull();
});

it("says a finding for which it has no words as the node does", async () => {
  const newer = { ...met, code: "of-tomorrow" };
  await show(<Alarm />, [[statusOptions().queryKey, { links: [{ ...link, met: [newer] }] }]]);
  expect(screen.getByText(met.text).lang).toBe("en");
});
