import { act, cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { outcomes, sendAlso, tell } from "../../identity/also/sendAlso";
import { look } from "../../identity/also/there";
import { keepDraft, whichOf } from "../../identity/drafts/drafts";
import { ofMatch } from "../../identity/tippable";
import type { Joined } from "../../keys/joined";
import type { Shapes } from "../../node/client";
import { matchesOptions } from "../../node/queries";
import { show } from "../../test/show";
import Also from "./Also";

type Match = Shapes["MatchBody"];

vi.mock(import("../../identity/also/there"), async (original) => ({
  ...(await original()),
  look: vi.fn<typeof look>(),
}));
vi.mock(import("../../identity/also/sendAlso"), async (original) => ({
  ...(await original()),
  sendAlso: vi.fn<typeof sendAlso>(() => Promise.resolve()),
}));

const AT = "2100-01-01T18:00:00Z";
const match = (no: number, home: string): Match =>
  ({
    ...{ no, code: `M${no}`, status: "scheduled", kickoff: AT, deadline: AT, postponed: false },
    ...{ home: { name: home }, away: { name: "Spain" } },
  }) as Match;
const MATCHES = [match(1, "Portugal"), match(2, "Brazil")];
const OFFICE: Joined = {
  ...{ pool: "office", name: "Office", path: "/p/office/" },
  player: { account: "bruno", name: "Bruno", keys: "k", locked: false, written: true, named: null },
};

let send = (): void => undefined;

/** The switches of somebody who has written a tip on each match. `there`: what Office has; `undefined`: nobody answers. */
async function shown(there: Match[] | undefined): Promise<void> {
  if (there === undefined) vi.mocked(look).mockRejectedValue(new TypeError("Failed to fetch"));
  else vi.mocked(look).mockResolvedValue({ matches: there, bets: [], transactions: 1, node: {} as never });
  for (const one of MATCHES) keepDraft("family", whichOf(one), { home: 2, away: 1, stake: 0 });
  const handle = (of: (() => void) | null): void => void (send = of ?? send);
  await show(<Also pool="family" others={[OFFICE]} open={MATCHES.map(ofMatch)} send={handle} />, [
    [matchesOptions().queryKey, MATCHES],
  ]);
}

beforeEach(() => {
  cleanup();
  localStorage.clear();
  outcomes.set(new Map());
  vi.mocked(sendAlso).mockClear();
});

it("is off at first, says how many go there, and remembers what was chosen", async () => {
  await shown([match(7, "Portugal")]);
  const field = await screen.findByRole<HTMLInputElement>("switch", { name: /^Also in Office/ });
  expect(field.checked).toBe(false);
  expect(screen.getByText("1 of 2 tips")).toBeDefined();
  send();
  expect(sendAlso).not.toHaveBeenCalled();
  fireEvent.click(field);
  send();
  expect(sendAlso).toHaveBeenCalledWith(
    "family",
    [OFFICE],
    [expect.objectContaining({ home: 2, away: 1 }), expect.anything()],
  );
  cleanup();
  await shown([match(7, "Portugal"), match(8, "Brazil")]);
  expect((await screen.findByRole<HTMLInputElement>("switch")).checked).toBe(true);
  expect(screen.queryByText(/of 2 tips/)).toBeNull();
});

it("shows nothing where the other pool has none of these matches, or is not known and was not chosen", async () => {
  await shown([match(7, "France")]);
  await waitFor(() => expect(look).toHaveBeenCalled());
  expect(screen.queryByRole("switch")).toBeNull();
  cleanup();
  await shown(undefined);
  expect(screen.queryByRole("switch")).toBeNull();
});

it("tries a chosen pool that does not answer, and lets it be tried again by its name", async () => {
  localStorage.setItem("bolao.also.family", '["office"]');
  await shown(undefined);
  await screen.findByRole("switch");
  send();
  expect(sendAlso).toHaveBeenCalledOnce();
  act(() => tell("office", { is: "failed", error: new TypeError("Failed to fetch"), wanted: [] }));
  expect(screen.getByText("Can’t reach Office.")).toBeDefined();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(sendAlso).toHaveBeenLastCalledWith("family", [OFFICE], []);
});

it("says what became of it", async () => {
  await shown([]);
  act(() => tell("office", { is: "sent", all: 3, sent: 2, same: 1, absent: 0 }));
  expect(screen.getByRole("status").textContent).toBe("Office: 2 of 3 tips sent");
  act(() => tell("office", { is: "sent", all: 1, sent: 0, same: 1, absent: 0 }));
  expect(screen.getByRole("status").textContent).toBe("Office: your tips there are the same already");
});
