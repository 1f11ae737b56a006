import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { wordsOfRules } from "../../words/languages";
import { localText } from "../../words/time";
import { questionOf } from "./ask";
import { filled, freeCode, groupsOf, TEMPLATES } from "./templates";

await wordsOfRules();

const HOUR_S = 3600;
const NOW_S = Date.parse("2026-06-11T06:00:00Z") / 1000;

const match = (home: string, away: string, stage: string, hours: number) =>
  ({
    home: { name: home },
    away: { name: away },
    stage,
    kickoff: new Date((NOW_S + hours * HOUR_S) * 1000).toISOString(),
  }) as Shapes["MatchBody"];

const MATCHES = [
  match("Mexico", "South Africa", "Group A", 10),
  match("Canada", "Mexico", "Group A", 13),
  match("South Africa", "Canada", "Group A", 40),
  match("1A", "3A/B/C", "Round of 32", 90),
  match("W74", "Winner of it", "Final", 200),
];
const KNOWN = { matches: MATCHES, now_s: NOW_S, notice_s: 12 * HOUR_S };

it("offers the teams that are known, and closes at the first kick-off that leaves time enough", () => {
  const champion = filled("champion", KNOWN);
  expect(champion.options.split("\n")).toEqual(["Canada", "Mexico", "South Africa"]);
  expect(champion.closes).toBe(localText(NOW_S + 13 * HOUR_S));
  expect(filled("champion", { ...KNOWN, notice_s: 1000 * HOUR_S }).closes).toBe("");
});

it("closes with the day of a match whose kick-off is not known", () => {
  const day = { begins: "2026-06-12T22:00:00Z", ends: "2026-06-13T22:00:00Z" };
  const matches = [
    { ...match("Qatar", "Peru", "Group B", 20), kickoff: null, day },
    match("Peru", "Mali", "Group B", 90),
  ];
  expect(filled("champion", { ...KNOWN, matches }).closes).toBe(localText(Date.parse(day.begins) / 1000));
});

it("finds the groups, and asks for the order of all their teams", () => {
  expect(groupsOf(MATCHES).map(({ stage }) => stage)).toEqual(["Group A"]);
  const group = filled("group", KNOWN);
  expect(group).toMatchObject({ code: "Group-A", slots: 3, asks: { misplaced: 0 } });
});

it("makes questions that are whole, but for what the pool has too few teams for", () => {
  for (const template of TEMPLATES)
    expect(questionOf(filled(template, KNOWN), 0x4000) !== undefined).toBe(template !== "semis");
});

it("gives a short name that nothing has", () => {
  expect(freeCode("goals", [{ code: "Goals" }, { code: "goals-2" }])).toBe("goals-3");
});
