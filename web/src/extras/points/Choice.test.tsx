import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";

import type { Rules } from "../../features/start/first";
import { InShort } from "../../features/start/InShort";
import { Options } from "../../features/start/Options";
import { show } from "../../test/show";

const RULES: Rules = { membership: "open", tips: "open", consensus: "pos", scheme: "kicktipp" };
const NAMES = ["kicktipp", "nine", "quota", "superbru", "super6", "wpfp", "br7", "br10s"];

const change = vi.fn<(rules: Rules) => void>();
beforeEach(() => change.mockReset());

function shown(rules: Partial<Rules> = {}, rounds = ["Group stage", "Final"]) {
  const none = { show: () => undefined, proposes: undefined, propose: () => undefined };
  return show(
    <Options
      {...{ rounds, change, ...none }}
      rules={{ ...RULES, ...rules }}
      schemes={["kicktipp", "c321", "add"]}
      viewers="everybody"
    />,
  );
}

const select = () => screen.getByRole<HTMLSelectElement>("combobox");
const choose = (value: string) => fireEvent.change(select(), { target: { value } });
const playing = (game: string, more: Partial<Rules> = {}): Partial<Rules> => ({ scheme: undefined, game, ...more });
const question = (name: string) => screen.queryByRole("radiogroup", { name });
const tap = (group: string, name: string) =>
  fireEvent.click(within(screen.getByRole("radiogroup", { name: group })).getByRole("radio", { name }));
/** What a server is sent. */
const sent = (): unknown => JSON.parse(JSON.stringify(change.mock.lastCall?.[0]));

it.each(NAMES)("sends the game %s in place of a scheme, and nothing that it brings itself", async (game) => {
  await shown();
  choose(`game:${game}`);
  const { scheme, ...others } = RULES;
  expect(scheme).toBe("kicktipp");
  expect(sent()).toEqual({ ...others, game });
});

it("offers the games below the schemes", async () => {
  await shown();
  const games = within(screen.getByRole("group", { name: "As in …" })).getAllByRole("option");
  expect(games.map((option) => (option as HTMLOptionElement).value)).toEqual(NAMES.map((name) => `game:${name}`));
  expect([...select().options].slice(3)).toEqual(games);
  expect(games[3]?.textContent).toBe("Superbru: 12 / close 6 / 4");
  expect(select().value).toBe("scheme:kicktipp");
});

it.each(["of a newer program", "constructor"])("says nothing of the game “%s”", async (game) => {
  await shown(playing(game));
  expect(select().closest("label")?.nextElementSibling).toBeNull();
});

it("goes back to a scheme, without what was chosen over the game", async () => {
  await shown(playing("super6", { tie_breaks: ["wins", "nearest"], features: { through: { points: 1 } } }));
  expect(select().value).toBe("game:super6");
  choose("scheme:c321");
  expect(sent()).toEqual({ ...RULES, scheme: "c321", features: { through: { points: 1 } } });
});

it("keeps what separates equal points from one scheme to another", async () => {
  await shown({ tie_breaks: ["wins"] });
  choose("scheme:c321");
  expect(sent()).toEqual({ ...RULES, scheme: "c321", tie_breaks: ["wins"] });
});

it("lets a game separate equal points and bring its joker, whatever was chosen before", async () => {
  await shown({ tie_breaks: ["wins", "exact"], features: { jokers: { factor: 2 }, through: { points: 1 } } });
  choose("game:wpfp");
  expect(sent()).toMatchObject({ game: "wpfp", features: { through: { points: 1 } } });
  expect(sent()).not.toHaveProperty("tie_breaks");
  expect(sent()).not.toHaveProperty("features.jokers");
});

it("does not ask for jokers where the game brings its own", async () => {
  await shown(playing("wpfp"));
  expect(question("Jokers?")).toBeNull();
  expect(screen.getByText(/A tip with a joker counts double/)).toBeDefined();
  cleanup();
  await shown(playing("kicktipp"));
  expect(question("Jokers?")).not.toBeNull();
});

it("shows how a game separates equal points, and sends something else once it is chosen", async () => {
  await shown(playing("kicktipp"));
  expect(screen.getByRole<HTMLInputElement>("radio", { name: "They separate equal points" }).checked).toBe(true);
  tap("Rounds won?", "No");
  expect(sent()).toMatchObject({ game: "kicktipp", tie_breaks: [] });
  tap("Who goes through?", "One point more");
  expect(sent()).toMatchObject({ game: "kicktipp", features: { through: { points: 1 } } });
  expect(sent()).not.toHaveProperty("tie_breaks");
});

it("puts rounds won before what separates equal points in the game", async () => {
  await shown(playing("super6"));
  tap("Rounds won?", "They separate equal points");
  expect(sent()).toMatchObject({ tie_breaks: ["wins", "nearest"] });
});

const SHOOT_OUT = "In knock-out matches, the goals of a penalty shoot-out count too.";
const WINS = "With equal points, the player with more rounds won is ahead.";

it.each<[string, Partial<Rules>, string[], string]>([
  ["all", {}, ["Group stage", "Final"], `${SHOOT_OUT} ${WINS}`],
  ["a league’s", {}, ["Matchday 1", "Matchday 2"], WINS],
  ["the rest", { tie_breaks: [] }, ["Final"], SHOOT_OUT],
])("says what a game brings besides: %s", async (_, more, rounds, says) => {
  await shown(playing("kicktipp", more), rounds);
  expect(select().closest("label")?.nextElementSibling?.textContent).toBe(says);
});

it.each([
  ["kicktipp", "4exact score3goal difference2right winner or draw"],
  ["superbru", "12exact score6close score4right winner or draw"],
  ["super6", "5exact score2right winner or draw"],
  ["br10s", "10exact score7goal difference5right winner or draw"],
  ["quota", "3–10right winner or draw+2exact score+1goal difference"],
])("has the figures of %s in short", async (game, says) => {
  await show(<InShort rules={{ ...RULES, scheme: undefined, game }} proposes={false} />);
  expect(screen.getAllByRole("list")[0]?.textContent).toBe(says);
});

it("has a table for nine in short", async () => {
  await show(<InShort rules={{ ...RULES, scheme: undefined, game: "nine" }} proposes={false} />);
  expect(screen.getAllByRole("row")).toHaveLength(4);
});
