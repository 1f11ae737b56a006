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
