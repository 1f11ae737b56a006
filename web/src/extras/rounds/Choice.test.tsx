import { fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import { Options } from "../../features/start/Options";
import type { Rules } from "../../features/start/first";
import { show } from "../../test/show";

const RULES: Rules = { membership: "open", tips: "open", consensus: "pos", scheme: "kicktipp" };

const change = vi.fn<(rules: Rules) => void>();
beforeEach(() => change.mockReset());

const shown = (more: Partial<Rules> = {}, rounds = ["Matchday 1", "Matchday 2"]) => {
  const none = { show: () => undefined, proposes: undefined, propose: () => undefined };
  return show(
    <Options
      {...{ rounds, change, ...none }}
      rules={{ ...RULES, ...more }}
      schemes={["kicktipp"]}
      viewers="everybody"
    />,
  );
};

const LABEL = "Rounds won?";
const tap = (name: string) => fireEvent.click(screen.getByRole("radio", { name }));
const chosen = (name: string) => screen.getByRole<HTMLInputElement>("radio", { name }).checked;

it("puts rounds won before what usually separates equal points, and leaves the other rules as they are", async () => {
  await shown({ features: { jokers: { factor: 2 } } });
  expect(chosen("They separate equal points")).toBe(false);
  tap("They separate equal points");
  const tie_breaks = ["wins", "exact", "differences", "tendencies", "fewer_missing"];
  expect(change).toHaveBeenLastCalledWith({ ...RULES, features: { jokers: { factor: 2 } }, tie_breaks });
});

it("says what follows, and takes only rounds won back", async () => {
  await shown({ tie_breaks: ["nearest", "wins", "exact"] });
  expect(chosen("They separate equal points")).toBe(true);
  expect(screen.getByText(/more rounds won is ahead/)).toBeDefined();
  const group = screen.getByRole("radiogroup", { name: LABEL });
  fireEvent.click(within(group).getByRole("radio", { name: "No" }));
  expect(change).toHaveBeenLastCalledWith({ ...RULES, tie_breaks: ["nearest", "exact"] });
});

it("is not asked where there is one round", async () => {
  await shown({}, ["Regular season"]);
  expect(screen.queryByRole("radiogroup", { name: LABEL })).toBeNull();
});
