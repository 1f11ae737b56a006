import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { nodeTime } from "../../../node/clock";
import { poolOptions } from "../../../node/queries";
import { show } from "../../../test/show";
import { localText } from "./fixture";
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

async function moved(from: number, to: number): Promise<HTMLButtonElement | null> {
  const form = <FixtureForm match={match(from)} numberOf={() => 1} done={() => undefined} />;
  await show(form, [[poolOptions().queryKey, { id: "pool" }]]);
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
