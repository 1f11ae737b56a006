import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { Faces } from "./Faces";

const PEOPLE = ["Ana", "Bruno", "Carla"].map((name) => ({ account: name, name }));
const TEAMS = [{ name: "Spain" }, { name: "France" }];

it.each([
  ["nobody", { people: [] }, 0, ""],
  ["one player", { people: PEOPLE.slice(0, 1) }, 1, "An"],
  ["three players by two", { people: PEOPLE }, 2, "AnBr"],
  ["a match", { teams: TEAMS }, 2, ""],
  ["players and a match by the players", { people: PEOPLE.slice(1), teams: TEAMS }, 2, "BrCa"],
])("shows %s", async (_, faces, count, letters) => {
  await show(<Faces {...faces} />);
  const shown = screen.getByTestId("shown");
  expect(shown.querySelectorAll(".disc, .flag")).toHaveLength(count);
  expect(shown.textContent).toBe(letters);
});
