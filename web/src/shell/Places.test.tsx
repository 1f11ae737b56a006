import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { keepPlayer } from "../keys/player";
import { $node } from "../node/client";
import { poolOptions, votesOptions } from "../node/queries";
import { show, type Answer } from "../test/show";
import { Places } from "./Places";

const ANA = { account: "ana", name: "Ana" };
const BRUNO = { account: "bruno", name: "Bruno" };

const answers = (signers: object[]): Answer[] => [
  [poolOptions().queryKey, { id: "pool", name: "Cup", organisers: [ANA, BRUNO] }],
  [votesOptions().queryKey, [{ type: "schedule", fixture: { kickoff: null }, signable: true, signers }]],
  [$node.queryOptions("get", "/api/v1/organisers", {}).queryKey, { organisers: [ANA, BRUNO], waiting: [] }],
  [$node.queryOptions("get", "/api/v1/validators", {}).queryKey, { validators: [], waiting: [] }],
];

const play = ({ account, name }: typeof ANA) =>
  keepPlayer("pool", { account, name, keys: "", locked: false, written: true, named: null });

it("tells an organiser that something needs a signature", async () => {
  play(BRUNO);
  await show(<Places />, answers([ANA]));
  for (const place of [/^Organise/, /^More/])
    expect(screen.getByRole("link", { name: place }).textContent).toContain("(something needs you)");
});

it("tells nothing to an organiser who has signed", async () => {
  play(ANA);
  await show(<Places />, answers([ANA]));
  expect(screen.getByRole("link", { name: "Organise" }).textContent).toBe("Organise");
});
