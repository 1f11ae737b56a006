import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import * as office from "../../../identity/sending/send";
import { keepPlayer } from "../../../keys/player";
import { matchesOptions, organisersOptions, poolOptions, votesOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { Results } from "./Results";

const ANA = { account: "ana", name: "Ana" };
const MATCH = {
  no: 1,
  code: "A1",
  home: { name: "Hawks" },
  away: { name: "Bears" },
  kickoff: "2020-01-01T12:00:00Z",
  record: null,
  postponed: false,
};
const SIGNED = {
  id: "t",
  action: {
    type: "result",
    match: { no: 1, code: "A1" },
    outcome: { status: "played", after_90: { home: 1, away: 1 }, reason: "read in the paper" },
  },
};

it("shows what was signed for as long as no page has it", async () => {
  keepPlayer("pool", { ...ANA, keys: "", locked: false, written: true, named: null });
  await show(<Results />, [
    [poolOptions().queryKey, { id: "pool", organisers: [ANA] }],
    [organisersOptions().queryKey, { organisers: [ANA], waiting: [] }],
    [matchesOptions().queryKey, [MATCH]],
    [votesOptions().queryKey, []],
    [["get", "/api/v1/transactions", "on the way", "ana"], { waiting: [SIGNED], gone: [] }],
  ]);
  expect(screen.getByText("1:1")).toBeDefined();
  expect(screen.getByText("“read in the paper”")).toBeDefined();
  expect(screen.getByText("Sent")).toBeDefined();
  expect(screen.queryAllByRole("textbox")).toEqual([]);
});

it.each([
  ["a minute ago, with a score", 60, 1],
  ["two hours ago, with a score", 7_200, 0],
])("asks whether a match has finished that kicked off %s", async (_, ago_s, asked) => {
  keepPlayer("early", { ...ANA, keys: "", locked: false, written: true, named: null });
  const sign = vi.spyOn(office, "inOffice").mockReturnValue(new Promise(() => undefined));
  const kickoff = new Date(Date.now() - ago_s * 1000).toISOString();
  await show(<Results />, [
    [poolOptions().queryKey, { id: "early", organisers: [ANA] }],
    [organisersOptions().queryKey, { organisers: [ANA], waiting: [] }],
    [matchesOptions().queryKey, [{ ...MATCH, kickoff }]],
    [votesOptions().queryKey, []],
    [["get", "/api/v1/transactions", "on the way", "ana"], { waiting: [], gone: [] }],
  ]);
  for (const button of screen.queryAllByText("Enter result")) fireEvent.click(button);
  for (const field of screen.getAllByRole("textbox")) fireEvent.change(field, { target: { value: "1" } });
  fireEvent.click(screen.getByText("Confirm 1 result"));
  expect(screen.queryAllByText("Has it finished?")).toHaveLength(asked);
  await new Promise((resolve) => setTimeout(resolve));
  expect(sign).toHaveBeenCalledTimes(1 - asked);
  if (asked > 0) fireEvent.click(screen.getByText("Yes, it’s over"));
  await waitFor(() => expect(sign).toHaveBeenCalledTimes(1));
  sign.mockRestore();
});
