import { cleanup, fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { openedOptions } from "../../../keys/useOpened";
import { nodeTime } from "../../../node/clock";
import { matchesOptions, poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { localText } from "../../../words/time";
import { FixtureForm } from "./FixtureForm";
import type { Match } from "../outcome";

const inMinutes = (minutes: number): number => Math.floor(nodeTime() / 60_000 + minutes) * 60;
const match = (minutes: number) =>
  ({
    no: 1,
    code: "A1",
    home: { name: "Hawks" },
    away: { name: "Bears" },
    kickoff: new Date(inMinutes(minutes) * 1000).toISOString(),
    stage: "Final",
  }) as Match;

const POOL = { id: "pool" };
const RULES = [openedOptions("pool").queryKey, { pool: { rules: { notice_s: 12 * 3600 } } }] as const;

async function moved(from: number, to: number): Promise<HTMLButtonElement | null> {
  const form = <FixtureForm match={match(from)} numberOf={() => 1} done={() => undefined} />;
  await show(form, [[poolOptions().queryKey, POOL], RULES, [matchesOptions().queryKey, []]]);
  const field = screen.getByLabelText("Kick-off, in your time zone");
  fireEvent.change(field, { target: { value: localText(inMinutes(to)) } });
  return screen.getByText("Save").closest("button");
}

it("asks once more before betting ends within the hour, much sooner than it was to", async () => {
  const button = await moved(24 * 60, 5);
  expect(button?.disabled).toBe(true);
  fireEvent.click(screen.getByRole("checkbox"));
  expect(button?.disabled).toBe(false);
  fireEvent.change(screen.getByLabelText("Kick-off, in your time zone"), {
    target: { value: localText(inMinutes(3)) },
  });
  expect(button?.disabled).toBe(true);
});

it("asks nothing where there is time", async () => {
  expect((await moved(24 * 60, 120))?.disabled).toBe(false);
  expect(screen.queryByRole("checkbox")).toBeNull();
});

it("asks nothing where little changes", async () => {
  expect((await moved(60, 30))?.disabled).toBe(false);
  expect(screen.queryByRole("checkbox")).toBeNull();
});

/** A new match of the same teams, the other way round, so many minutes from now; the pool's own kicks off in a day. */
async function added(minutes: number): Promise<HTMLButtonElement | null> {
  const form = <FixtureForm match={undefined} numberOf={() => 2} done={() => undefined} />;
  await show(form, [[poolOptions().queryKey, POOL], RULES, [matchesOptions().queryKey, [match(24 * 60)]]]);
  const says = { "Home team": "bears", "Away team": "Hawks", Round: "Final", "Short name": "B1" };
  for (const [label, value] of Object.entries(says))
    fireEvent.change(screen.getByLabelText(label, { exact: false }), { target: { value } });
  const kickoff = screen.getByLabelText("Kick-off, in your time zone");
  fireEvent.change(kickoff, { target: { value: localText(inMinutes(minutes)) } });
  return screen.getByText("Save").closest("button");
}

it("asks whether two teams that meet already play again", async () => {
  const button = await added(30 * 60);
  expect(screen.getByText(/is in the pool already/)).toBeDefined();
  expect(button?.disabled).toBe(true);
  fireEvent.click(screen.getByRole("checkbox"));
  expect(button?.disabled).toBe(false);
});

it("says that nobody can tip a match that is added too late, and asks nothing of one that is far from the other", async () => {
  await added(5);
  expect(screen.getByText(/so nobody can tip it/)).toBeDefined();
  cleanup();
  expect((await added(72 * 60))?.disabled).toBe(false);
});

/** A match of tomorrow that stands since an hour, with tips on it, and what is said of another kick-off or team. */
async function changed(more: Partial<Match>, minutes: number, says: Record<string, string> = {}): Promise<void> {
  const day = 24 * 60;
  const stands = { lacks_notice: false, status: "scheduled", bets: 2, deadline: match(day).kickoff ?? null } as const;
  const since = new Date(inMinutes(-60) * 1000).toISOString();
  const it = { ...match(day), ...stands, since, ...more };
  await show(<FixtureForm match={it} numberOf={() => 1} done={() => undefined} />, [
    [poolOptions().queryKey, POOL],
    RULES,
    [matchesOptions().queryKey, []],
  ]);
  for (const [label, value] of Object.entries({
    ...says,
    "Kick-off, in your time zone": localText(inMinutes(minutes)),
  }))
    fireEvent.change(screen.getByLabelText(label, { exact: false }), { target: { value } });
}

const LOST = /tips on this match don’t count/;

it("says how many tips are lost by a change, before it is saved", async () => {
  await changed({}, 11 * 60 - 5);
  expect(screen.getByText(LOST).textContent).toMatch(/less than 12\sh/);
  expect(screen.getByText(/2 tips are lost, and their stakes are returned\.$/)).toBeDefined();
  cleanup();
  await changed({ bets: 1 }, 11 * 60 - 5);
  expect(screen.getByText(/1 tip is lost, and its stake is returned\.$/)).toBeDefined();
});

it("counts the notice of other teams from now", async () => {
  await changed({ home: { name: "W1" }, bets: 0 }, 11 * 60 + 5, { "Home team": "Hawks" });
  expect(screen.getByText(LOST)).toBeDefined();
  expect(screen.queryByText(/returned/)).toBeNull();
});

it("says so of a date that comes too late, and tips none as lost", async () => {
  const undated = { kickoff: null, deadline: null, lacks_notice: true, status: "closed" } as const;
  await changed(undated, 11 * 60);
  expect(screen.getByText(/so nobody can tip it/)).toBeDefined();
  expect(screen.queryByText(LOST)).toBeNull();
});

it("says nothing where tips go on counting", async () => {
  for (const minutes of [11 * 60 + 5, 48 * 60]) {
    await changed({}, minutes);
    expect(screen.queryByText(LOST)).toBeNull();
    expect(screen.queryByText(/nobody can tip/)).toBeNull();
    cleanup();
  }
});
