import { expect, it } from "vitest";

import { readyMade } from "./readyMade";

const HOUR_S = 3600;
const NOW_S = Date.parse("2030-06-01T06:00:00Z") / 1000;
const TEAMS = ["Brazil", "Portugal", "Spain", "France", "Ghana", "Japan"];

/** Each team against the next one, the first match so many hours ahead. */
const played = (teams: readonly string[], hours: number | null = 48) =>
  teams.map((home, at) => ({
    home: { name: home },
    away: { name: teams[(at + 1) % teams.length] ?? "" },
    kickoff: hours === null ? null : new Date((NOW_S + (hours + at) * HOUR_S) * 1000).toISOString(),
    stage: "Matchday 1",
  }));
const made = (code: string, matches: ReturnType<typeof played>) => readyMade(code, matches, NOW_S);

it.each([
  ["worldcup.2030", "semis"],
  ["uefa.cl.2029-30", "semis"],
  ["de.cup.2029-30", "semis"],
  ["en.1.2029-30", "goals"],
  ["mls.2030", "goals"],
])("asks of %s for its %s among others", (code, other) => {
  const others = ["champion", "scorer", other];
  expect(made(code, played(TEAMS)).sort()).toEqual(others.sort());
});

it("asks nothing where no kick-off leaves time for notice, or none is known", () => {
  expect(made("en.1", played(TEAMS, -48))).toEqual([]);
  expect(made("en.1", played(TEAMS, 5))).toEqual([]);
  expect(made("en.1", played(TEAMS, null))).toEqual([]);
  expect(made("en.1", [])).toEqual([]);
});

it("asks for no team where none are known to choose from, nor for places that all of them reach", () => {
  const drawn = played(["W1", "W2"]);
  expect(made("en.1", drawn)).toEqual(["goals"]);
  expect(made("worldcup.2030", drawn)).toEqual([]);
  expect(made("worldcup.2030", [...played(TEAMS.slice(0, 4)), ...drawn])).toEqual(["champion", "scorer"]);
});

it("leaves out what is too long to be signed", () => {
  const many = Array.from({ length: 200 }, (_, at) => `Association Football Club ${at}`);
  expect(made("en.1", played(many))).toEqual(["goals"]);
});
