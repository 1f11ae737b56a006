import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Shapes } from "../node/client";
import { poolOptions } from "../node/queries";
import { show } from "../test/show";
import { ActionText } from "./ActionText";

const ANA = { account: "ana", name: "Ana" };
const MATCH = { no: 1, code: "PtCh" };

const signed = (action: object, template: string) =>
  ({
    player: ANA,
    action,
    says: {
      template,
      values: { who: { player: "ana", called: "Ana" }, items: { items: [1] }, bets: { predictions: [] } },
    },
    void: [MATCH],
  }) as unknown as Shapes["TransactionBody"];

const shown = (by: Shapes["TransactionBody"]) =>
  show(<ActionText by={by} />, [[poolOptions().queryKey, { id: "pool" }]]);

it("tells that a seal didn’t count", async () => {
  await shown(signed({ type: "seal", tips: [{ match: MATCH }] }, "{who} seals bets on {items}."));
  expect(screen.getByText(/1 tip didn’t count/)).toBeDefined();
});

it("calls no second opening a tip that didn’t count", async () => {
  await shown(signed({ type: "open", openings: [{ match: MATCH }] }, "{who} opens sealed bets: {bets}."));
  expect(screen.queryByText(/didn’t count/)).toBeNull();
});
