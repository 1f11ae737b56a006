import { fireEvent, screen } from "@testing-library/react";
import type { ComponentProps } from "react";
import { expect, it, vi } from "vitest";

import { show } from "../../test/show";
import type { ChoiceProps, Features } from "../extra";
import { Choice } from "./Choice";

const Question = ({ children, follows }: ComponentProps<ChoiceProps["Question"]>) => (
  <>
    {children}
    <p>{follows}</p>
  </>
);

const change = vi.fn<(features: Features) => void>();
const usual = { tieBreaks: undefined, separateBy: () => undefined };
const shown = (rounds: string[], features: Features = {}) =>
  show(<Choice rounds={rounds} features={features} change={change} {...usual} Question={Question} />);

it("gives a point more, or none, and leaves the other rules as they are", async () => {
  await shown(["Group stage", "Round of 16"], { jokers: { factor: 2 } });
  fireEvent.click(screen.getByRole("radio", { name: "One point more" }));
  expect(change).toHaveBeenLastCalledWith({ jokers: { factor: 2 }, through: { points: 1 } });
});

it("says what follows, and takes it back", async () => {
  await shown(["Final"], { through: { points: 1 } });
  expect(screen.getByText(/gives one point more/)).toBeDefined();
  fireEvent.click(screen.getByRole("radio", { name: "None" }));
  expect(JSON.stringify(change.mock.lastCall)).toBe("[{}]");
});

it.each([[["Matchday 1", "Matchday 2"]], [["Regular season"]], [["Group A", "Group B"]], [["Jornada 1", "Jornada 2"]]])(
  "is not asked where nobody goes through: %j",
  async (rounds) => {
    await shown(rounds);
    expect(screen.queryByRole("radiogroup")).toBeNull();
  },
);
