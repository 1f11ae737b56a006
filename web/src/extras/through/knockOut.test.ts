import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

import { isKnockOut } from "./knockOut";

it.each([
  ...["Final", "Finals, Round of 16", "3rd place play-off", "Knockout stage", "Play-offs"],
  ...["Achtelfinale", "Spiel um Platz 3", "Relegation"],
  ...["Oitavas de final", "Semifinais", "Disputa do terceiro lugar", "Cuartos de final", "Eliminatórias", "1/8-Finale"],
])("somebody goes through after %s", (round) => expect(isKnockOut(round)).toBe(true));

it.each([
  ...["Matchday 3", "Group A", "Regular season", "Jornada 1", "Fecha 12", "Liga, Jornada 1", "Round 1", "Vorrunde", ""],
  ...["Semi-finals, 1st leg", "Halbfinale, Hinspiel", "Semifinales, ida"],
  // Nor does the program find one behind the comma of these.
  ...["Semi-finals, 2nd leg", "Halbfinale, Rückspiel"],
])("no pool can count on who goes through after %s", (round) => expect(isKnockOut(round)).toBe(false));

it("knows every name and word that the program does", () => {
  const path = join(import.meta.dirname, "../../../../crates/rules/fixtures/src/stage.rs");
  const source = readFileSync(path, "utf8");
  const [, named = ""] = /const NAMED:[^=]*= \[(.*?)\];/s.exec(source) ?? [];
  const [, words = ""] = /static KNOCK_OUTS:.*?"(.*?)"/s.exec(source) ?? [];
  const names = [...named.matchAll(/"([^"]*)",?\s*\)/g)].map(([, also = ""]) => also.replaceAll("\\", " "));
  const all = [...names, words].flatMap((text) => text.split(/\s+/)).filter((it) => it !== "");
  expect(all.length).toBeGreaterThan(100);
  expect(all.filter((it) => !isKnockOut(it))).toEqual([]);
});
