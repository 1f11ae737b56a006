import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { Results } from "../../features/organise/results/Results";
import * as office from "../../identity/sending/send";
import { keepPlayer } from "../../keys/player";
import { openedOptions } from "../../keys/useOpened";
import { matchesOptions, organisersOptions, poolOptions, votesOptions } from "../../node/queries";
import { show } from "../../test/show";

const ANA = { account: "ana", name: "Ana" };
const MATCH = {
  ...{ no: 1, code: "R1", stage: "Round of 16", kickoff: "2020-01-01T12:00:00Z", record: null, postponed: false },
  ...{ home: { name: "Hawks" }, away: { name: "Bears" } },
};

const shown = (stages: string[]) => {
  const pool = `pool of ${stages.join()}`;
  keepPlayer(pool, { ...ANA, keys: "", locked: false, written: true, named: null });
  return show(<Results />, [
    [poolOptions().queryKey, { id: pool, organisers: [ANA] }],
    [openedOptions(pool).queryKey, { pool: { rules: { features: { through: { points: 1, stages } } } } }],
    [organisersOptions().queryKey, { organisers: [ANA], waiting: [] }],
    [matchesOptions().queryKey, [MATCH]],
    [votesOptions().queryKey, []],
    [["get", "/api/v1/transactions", "on the way", "ana"], { waiting: [], gone: [] }],
  ]);
};

const draw = (): void => {
  for (const field of screen.getAllByRole("textbox")) fireEvent.change(field, { target: { value: "1" } });
};

it("has a draw say who advances where that counts", async () => {
  const sign = vi.spyOn(office, "inOffice").mockReturnValue(new Promise(() => undefined));
  await shown(["Round of 16"]);
  draw();
  expect(screen.queryByText("Confirm 1 result")).toBeNull();
  fireEvent.click(screen.getByRole("radio", { name: "Bears" }));
  fireEvent.click(screen.getByText("Confirm 1 result"));
  const outcome = { status: "played", after_90: { home: 1, away: 1 }, advances: "away" };
  await waitFor(() => expect(sign).toHaveBeenCalledOnce());
  expect(sign.mock.lastCall?.[1]).toMatchObject([{ act: { type: "result", match_no: 1, outcome } }]);
  sign.mockRestore();
});

it("asks nothing in a round where it does not count", async () => {
  await shown(["Final"]);
  draw();
  expect(screen.queryByRole("radiogroup", { name: "Who advances" })).toBeNull();
  expect(screen.getByText("Confirm 1 result")).toBeDefined();
});
