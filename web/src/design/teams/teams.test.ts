import { describe, expect, it } from "vitest";

import { hueOf, lettersOf } from "./club";
import { nationName, nationOf } from "./nations";

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
  it("have two letters that tell them apart", () => {
    const letters = (name: string) => lettersOf({ name });
    expect(letters("Manchester United FC")).toBe("MU");
    expect(letters("FC Porto")).toBe("PO");
    expect(letters("São Paulo")).toBe("SP");
    expect(letters("1. FC Köln")).toBe("KÖ");
    expect(letters("")).toBe("?");
  });

  it("are not told by what many are called", () => {
    const names = ["FC Bayern München", "Borussia Mönchengladbach", "Borussia Dortmund", "VfB Stuttgart", "VfL Bochum"];
    expect(names.map((name) => lettersOf({ name }))).toEqual(["BM", "MÖ", "DO", "ST", "BO"]);
    expect(lettersOf({ name: "TSG 1899 Hoffenheim" })).toBe("HO");
  });

  it("have their short code where there is one", () => {
    expect(lettersOf({ name: "FC Bayern München", code: "FCB" })).toBe("FCB");
    expect(lettersOf({ name: "FC Bayern München", code: null })).toBe("BM");
  });

  it("have a colour of their own, always the same", () => {
    expect(hueOf("FC Porto")).toBe(hueOf("FC Porto"));
    expect(hueOf("FC Porto")).not.toBe(hueOf("Benfica"));
  });
});

it("gives two teams colours that can be told apart", async () => {
  const { coloursOf } = await import("./colours");
  expect(coloursOf({ name: "Czech Republic" }, { name: "South Africa" })).toEqual(["#2b6cc4", "#e0a800"]);
  expect(coloursOf({ name: "Austria" }, { name: "Switzerland" })).toEqual(["#c8102e", "#ffffff"]);
  // Navy cannot be told from a dark stage.
  expect(coloursOf({ name: "France" }, { name: "Germany" })).toEqual(["#2c58d0", "#dd0000"]);
  const [home, away] = coloursOf({ name: "Ajax" }, { name: "Feyenoord" });
  expect(home).not.toBe(away);
});
