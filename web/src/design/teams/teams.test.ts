import { renderHook } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { clubOf, KNOWN } from "./clubs";
import { useColours } from "./colours";
import { contrast } from "./contrast";
import { lettering } from "./Crest";
import { nationName, nationOf } from "./nations";
import { crests } from "./pieces";

describe("nations", () => {
  it.each([
    ["Portugal", "PT"],
    ["England", "GB-ENG"],
    ["South Korea", "KR"],
    ["Korea Republic", "KR"],
    ["USA", "US"],
    ["Ivory Coast", "CI"],
    ["Côte d’Ivoire", "CI"],
    ["Bosnia & Herzegovina", "BA"],
    ["Bosnia and Herzegovina", "BA"],
    ["Curaçao", "CW"],
    ["Curacao", "CW"],
    ["Czech Republic", "CZ"],
    ["DR Congo", "CD"],
    ["Congo DR", "CD"],
    ["Congo - Kinshasa", "CD"],
    ["Congo", "CG"],
    ["United States", "US"],
    ["Bosnia", "BA"],
    ["Bosnia-Herzegovina", "BA"],
    ["Bosnien und Herzegowina", "BA"],
    ["Holland", "NL"],
    ["Países Baixos", "NL"],
    ["Ireland", "IE"],
    ["Cape Verde", "CV"],
    ["Turkey", "TR"],
    ["Saudi Arabia", "SA"],
    ["Schweiz", "CH"],
    ["Alemanha", "DE"],
  ])("%s is %s", (name, code) => expect(nationOf(name)).toBe(code));

  it.each(["Arsenal FC", "W91", "1A", "Flamengo", "Sporting CP"])("%s is none", (name) =>
    expect(nationOf(name)).toBeUndefined(),
  );

  it("have names in the reader's language", () => {
    expect(nationName("CH", "pt-BR")).toBe("Suíça");
    expect(nationName("CH", "de-DE")).toBe("Schweiz");
    expect(nationName("GB-ENG", "pt-BR")).toBe("Inglaterra");
  });

  it("are called as football calls them", () => {
    const names = (locale: string) => ["CD", "CI", "US", "BA", "HK"].map((code) => nationName(code, locale));
    expect(names("en-GB")).toEqual(["DR Congo", "Ivory Coast", "USA", "Bosnia and Herzegovina", "Hong Kong"]);
    expect(names("pt-BR")).toEqual([
      "RD Congo",
      "Costa do Marfim",
      "Estados Unidos",
      "Bósnia e Herzegovina",
      "Hong Kong",
    ]);
    expect(names("de-DE")).toEqual(["DR Kongo", "Elfenbeinküste", "USA", "Bosnien-Herzegowina", "Hongkong"]);
  });
});

describe("clubs", () => {
  const letters = (name: string, code?: string | null) => clubOf({ name, code: code ?? null }).letters;

  it("have letters that tell them apart", () => {
    expect(letters("Manchester United FC")).toBe("MUN");
    expect(letters("FC Porto")).toBe("FCP");
    expect(letters("Rot-Weiß Koblenz")).toBe("RW");
    expect(letters("SV Linx")).toBe("LI");
    expect(letters("")).toBe("?");
  });

  it("have their short code where there is one", () => {
    expect(letters("TuS Dassendorf", "TDA")).toBe("TDA");
    expect(letters("TuS Dassendorf", "Dassendorf")).toBe("TD");
  });

  it.each([
    ["Inter (ITA)", "#0068a8"],
    ["FC Internazionale Milano (ITA)", "#0068a8"],
    ["AC Milan (ITA)", "#fb090b"],
    ["SC Internacional", "#e5050f"],
    ["RCD Espanyol de Barcelona", "#007fc8"],
    ["FC Barcelona", "#004d98"],
    ["Club Atlético de Madrid (ESP)", "#cb3524"],
    ["Atlético San Luis", "#e4032e"],
    ["Racing Club de Lens", "#ffe500"],
    ["Real Racing Club de Santander", "#ffffff"],
    ["Santos Laguna", "#00843d"],
    ["Sporting Clube de Braga", "#dc0b15"],
    ["1. FC Köln", "#ffffff"],
  ])("%s has its shirt", (name, first) => expect(clubOf({ name }).colours[0]).toBe(first));

  it("have a look of their own, always the same", () => {
    expect(clubOf({ name: "SV Linx" })).toEqual(clubOf({ name: "SV Linx" }));
    expect(clubOf({ name: "SV Linx" })).not.toEqual(clubOf({ name: "TSV Linx" }));
  });

  it("have letters that can be read", () => {
    const unknown = Array.from({ length: 200 }, (_, number) => clubOf({ name: `Village ${number}` }));
    for (const club of [...KNOWN, ...unknown]) {
      const { ink, strip } = lettering(club);
      const [first, second] = club.colours;
      const grounds = { plain: [first], band: [second] }[club.pattern as string] ?? [first, second];
      for (const ground of strip === undefined ? grounds : [strip])
        expect(contrast(ink, ground), club.letters).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("stand aside where no team is known yet", () => {
    for (const name of ["W74", "1A", "3A/B/C/D/F"]) expect(clubOf({ name }).colours[0]).toBe("#59625c");
    expect(clubOf({ name: "W74" }).letters).toBe("W74");
  });
});

it("gives two teams colours that can be told apart", async () => {
  await crests.bring();
  const coloursOf = (home: string, away: string) =>
    renderHook(() => useColours({ name: home }, { name: away })).result.current;
  expect(coloursOf("Czech Republic", "South Africa")).toEqual(["#2b6cc4", "#e0a800"]);
  expect(coloursOf("Austria", "Switzerland")).toEqual(["#c8102e", "#ffffff"]);
  // Navy cannot be told from a dark stage.
  expect(coloursOf("France", "Germany")).toEqual(["#2c58d0", "#dd0000"]);
  // White cannot be told from paper.
  expect(coloursOf("Tottenham Hotspur", "Wolves")[0]).not.toBe("#ffffff");
  const [home, away] = coloursOf("Ajax", "Feyenoord");
  expect(home).not.toBe(away);
  expect(coloursOf("Juventus", "Fulham").join()).not.toMatch(/NaN/);
});
