import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { poolOptions } from "../../node/queries";
import { show, type Answer } from "../../test/show";
import type { Match } from "./outcome";
import { Records } from "./Records";
import { ToSign, type WaitingResult } from "./ToSign";

const outcome = { status: "replayed", after_90: { home: 2, away: 1 } };
const signers = [{ account: "ana", name: "Ana" }];
const MATCH = { no: 1, code: "A1", stage: "Final", home: { name: "Hawks" }, away: { name: "Eagles" } };
const VOTE = { id: "1", type: "result", match: { no: 1, code: "A1" }, outcome, signers, signatures_needed: 2 };
const POOL: Answer = [poolOptions().queryKey, { id: "pool" }];
const STRANGE = "This page does not know what it changes.";

it("a result of another kind waits, and is not signed", async () => {
  const sign = vi.fn();
  const votes = [
    { ...VOTE, signable: true },
    { ...VOTE, id: "2", outcome: { ...outcome, status: "played" }, signable: true },
  ] as WaitingResult[];
  await show(<ToSign votes={votes} account="me" matches={[MATCH as Match]} sign={sign} busy={false} />, [POOL]);
  expect(screen.getAllByText(STRANGE)).toHaveLength(1);
  expect(screen.getAllByText("2:1")).toHaveLength(1);
  await userEvent.click(screen.getByText("Sign the same"));
  expect(sign).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ act: { type: "result", match_no: 1, outcome: { ...outcome, status: "played" } } }),
  );
});

it("a result of another kind stands: it is corrected, and not signed too", async () => {
  const record = { outcome, signers, objections: 0, version: 1, provisional: true };
  await show(<Records records={[{ ...MATCH, record } as unknown as Match]} account="me" />, [POOL]);
  expect(screen.getByText(STRANGE)).toBeDefined();
  expect(screen.queryByText("Sign it too")).toBeNull();
  await userEvent.click(screen.getByText("Correct it"));
  expect(screen.getByText("Sign it")).toBeDefined();
});
