import { screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { poolOptions } from "../../../node/queries";
import { show, type Answer } from "../../../test/show";
import type { Match, WaitingResult } from "../outcome";
import { Entered } from "./Entered";
import { Entry } from "./Entry";

const outcome = { status: "replayed", after_90: { home: 2, away: 1 } };
const signers = [{ account: "ana", name: "Ana" }];
const MATCH = { no: 1, code: "A1", stage: "Final", home: { name: "Hawks" }, away: { name: "Eagles" } };
const VOTE = {
  id: "1",
  type: "result",
  match: { no: 1, code: "A1" },
  about: { no: 1, code: "A1" },
  outcome,
  signers,
  signatures_needed: 2,
};
const POOL: Answer = [poolOptions().queryKey, { id: "pool" }];
const STRANGE = /doesn’t know what this changes/;

it("a result of another kind waits, and is not signed", async () => {
  const sign = vi.fn();
  const votes = [
    { ...VOTE, signable: true },
    { ...VOTE, id: "2", outcome: { ...outcome, status: "played" }, signable: true },
  ] as WaitingResult[];
  const entries = votes.map((vote) => (
    <Entry
      key={vote.id}
      vote={vote}
      match={MATCH as Match}
      account="me"
      sign={sign}
      correct={() => undefined}
      busy={false}
    />
  ));
  await show(<>{entries}</>, [POOL]);
  expect(screen.getAllByText(STRANGE)).toHaveLength(1);
  expect(screen.getAllByText("2:1")).toHaveLength(1);
  await userEvent.click(screen.getByText("Confirm 2:1"));
  expect(sign).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ act: { type: "result", match_no: 1, outcome: { ...outcome, status: "played" } } }),
  );
});

it("a result of another kind stands: it is corrected, and not signed too", async () => {
  const record = { outcome, signers, objections: 0, version: 1, provisional: true };
  await show(<Entered records={[{ ...MATCH, record } as unknown as Match]} account="me" />, [POOL]);
  expect(screen.getByText(STRANGE)).toBeDefined();
  expect(screen.queryByText("Confirm it too")).toBeNull();
  await userEvent.click(screen.getByText("Correct it"));
  expect(screen.getByText("Save the correction")).toBeDefined();
});
