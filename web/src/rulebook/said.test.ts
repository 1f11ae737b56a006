import { readFileSync } from "node:fs";
import { join } from "node:path";

import { i18n } from "@lingui/core";
import { formatter } from "@lingui/format-po";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { speak, wordsOfRules, type Language } from "../words/languages";
import { inWords } from "./said";

const program = (file: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, "../../../crates/rules/rulebook", file), "utf8"));

/** Every template that the program has, a test of `crates/rules/rulebook` compares them; and every finding, by its code. */
const TEMPLATES = [
  ...(program("vectors/rules.json") as string[]),
  ...(program("vectors/actions.json") as string[]),
  ...Object.keys(program("findings.json") as object),
];

const CHIPS = "Every player starts with {chips, plural, one {# chip} other {# chips}}.";
const STAGES = TEMPLATES.find((template) => template.includes("{stages}, {times")) ?? "";
const WINDOW = TEMPLATES.find((template) => template.startsWith("A result is provisional for {window}")) ?? "";
const SEPARATED = TEMPLATES.find((template) => template.startsWith("Players with equal points are separated")) ?? "";

async function speaking(language: Language): Promise<void> {
  await wordsOfRules();
  await speak(language);
}

/** What a compiled text has a place for. */
function places(text: unknown): string[] {
  if (!Array.isArray(text)) return [];
  return text.flatMap((token: unknown): string[] => {
    if (!Array.isArray(token)) return [];
    const [name, , cases] = token as [string, string?, unknown?];
    const within = typeof cases === "object" && cases !== null ? Object.values(cases) : [];
    return [name, ...within.flatMap(places)];
  });
}

/** What the program says in a chat too, as it has it in German and Portuguese. */
const CHAT = program("chat.json") as Record<string, { de: string; pt: string }>;

afterAll(() => speak("en"));

describe.each(["pt", "de"] as const)("in %s", (language) => {
  const own: Record<string, string[]> = {};

  beforeAll(async () => {
    await speaking("en");
    for (const template of TEMPLATES) own[template] = places(i18n.messages[template]);
    await speaking(language);
  });

  it.each(TEMPLATES)("“%s” has words with the same places", (template) => {
    expect(i18n.messages).toHaveProperty([template]);
    const found = new Set(places(i18n.messages[template]));
    expect([...found].sort()).toEqual([...new Set(own[template])].sort());
  });
});

const inChat = TEMPLATES.filter((template) => Object.hasOwn(CHAT, template));

it("has sentences that a chat is told too", () => expect(inChat).not.toEqual([]));

describe.each(["pt", "de"] as const)("in %s", (language) => {
  const catalog = formatter({ lineNumbers: false }).parse(
    readFileSync(join(import.meta.dirname, `locales/${language}.po`), "utf8"),
    { locale: language, sourceLocale: "en", filename: `${language}.po` },
  );

  it.each(inChat)("“%s” is said as in a chat", async (template) => {
    expect((await catalog)[template]?.translation).toBe(CHAT[template]?.[language]);
  });
});

/** What a compiled text says, whatever its values are. */
function textsOf(compiled: unknown): string {
  if (typeof compiled === "string") return compiled;
  if (!Array.isArray(compiled)) return "";
  return compiled
    .map((token: unknown) => {
      if (!Array.isArray(token)) return textsOf(token);
      const cases: unknown = token[2];
      return typeof cases === "object" && cases !== null ? Object.values(cases).map(textsOf).join(" ") : "";
    })
    .join(" ");
}

describe("in English", () => {
  beforeAll(() => speaking("en"));

  it.each(TEMPLATES)("“%s” is said in the page's own words", (template) => {
    const says = textsOf(i18n.messages[template]).replaceAll(/\((a block|blocks?|validators?|its hash)\)/g, "");
    expect(says).not.toMatch(/\b(bets?|betting|books?|keepers?|sealed|stamp\w*|whoever|anew|put off)\b/i);
  });

  it("has the program's values", () => {
    expect(inWords({ template: CHIPS, values: { chips: 1000 } })).toBe("Every player starts with 1,000 chips.");
  });
});

describe("a sentence", () => {
  beforeAll(() => speaking("de"));

  it.each([
    [{ template: CHIPS, values: { chips: 1000 } }, "Alle beginnen mit 1.000 Chips."],
    [{ template: CHIPS, values: { chips: 1 } }, "Alle beginnen mit 1 Chip."],
    [
      { template: "{match} has no day any more.", values: { match: { teams: ["Spain", "FC Brazil"] } } },
      "Spanien – FC Brazil hat keinen Tag mehr.",
    ],
    [
      {
        template: "bet-gone",
        values: { who: "Ana", match: { template: "part-sealed" }, was: { said: [{ template: "part-played" }] } },
      },
      "Der Tipp gespielt von Ana zu (verdeckt) ist weg. Bis zum Anstoß kann er noch einmal abgegeben werden.",
    ],
    [
      {
        template: "bet-gone",
        values: { who: { player: { account: "bolao1qqqqqqqqqq", name: "Ana" } }, match: "M1", was: "2:1" },
      },
      "Der Tipp 2:1 von Ana zu M1 ist weg. Bis zum Anstoß kann er noch einmal abgegeben werden.",
    ],
    [
      { template: "{who} stops being a validator.", values: { who: { player: { account: "bolao1qqqqqqqqqq" } } } },
      "bolao1qqqqqqqq… ist nicht mehr Prüfer.",
    ],
    [
      {
        template: "{who} stops being a validator.",
        values: { who: { player: { account: "bolao1qqqqqqqqqq", name: null }, called: "Bruno" } },
      },
      "Bruno ist nicht mehr Prüfer.",
    ],
    [
      { template: STAGES, values: { count: 2, stages: { names: ["Semi-finals", "Final"] }, times: 2 } },
      "In den Phasen „Semi-finals“ und „Final“ verdoppeln sich die Punkte.",
    ],
    [
      {
        template: SEPARATED,
        values: {
          what: {
            template: "{first}, then by {next}",
            values: { first: { template: "more exact scores" }, next: { template: "fewer missing bets" } },
          },
        },
      },
      "Bei gleich vielen Punkten entscheiden mehr exakte Ergebnisse, dann weniger fehlende Tipps; " +
        "ist all das gleich, teilt man sich den Platz.",
    ],
  ])("is said with its values: %j", (said, words) => expect(inWords(said)).toBe(words));

  it("says lengths of time exactly", () => {
    const said = inWords({ template: WINDOW, values: { window: { seconds: 93_600 } } });
    expect(said).toContain("mindestens 1 Tag, 2 Stunden lang vorläufig");
  });

  it.each([
    ["nothing", undefined],
    ["of a newer program", { template: "Penalties count." }],
    [
      "of a newer program within a known one",
      { template: SEPARATED, values: { what: { template: "more penalties" } } },
    ],
    ["with a value of a newer program", { template: CHIPS, values: { chips: { coins: 3 } } }],
    ["with a player who is none", { template: CHIPS, values: { chips: { player: { name: "Ana" } } } }],
    ["called as what every object has", { template: "constructor" }],
    ["of another shape", { template: CHIPS, values: { chips: null } }],
  ])("that has no words here is left to English: %s", (_, said) => expect(inWords(said)).toBeUndefined());

  it("goes only so deep", () => {
    let said: unknown = { template: "more exact scores" };
    for (let depth = 0; depth < 10_000; depth += 1) {
      said = { template: SEPARATED, values: { what: said } };
    }
    expect(inWords(said)).toBeUndefined();
  });
});
