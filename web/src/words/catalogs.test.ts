// @vitest-environment node
import { existsSync, readdirSync, readFileSync } from "node:fs";

import { formatter } from "@lingui/format-po";
import { describe, expect, it } from "vitest";

/** Words that sound translated, or for which README.md names another one. */
const OTHERS = {
  en: /\b(whoever|anew|put off|by itself|alone|keepers?\b(?!\})|stamped|pencil|rub out|the book|lies? open|for good|blanks|tendency\b(?!\})|sealed|broken off|passcode)/i,
  pt: /\b(guardi[ãõ]|carimb|lacrad|(o|no|do) livro\b|a lápis|trancad|destran|ranking)/i,
  de: /\b(Hüter|gestempelt|versiegelt|(im|das) Buchs?\b|Tendenz|Rechner|angepfiffen|organisier|Spielleiter\b|verleg|verschlossen|verschließ|aufschließ|berichtig|Runde\b|Passwort)/i,
} as const;

interface Entry {
  of: string;
  room: string;
  says: string;
}

const formats = formatter({ lineNumbers: false });
const src = new URL("..", import.meta.url);

async function entries(locale: string): Promise<Entry[]> {
  const rooms = ["words", "rulebook", ...readdirSync(new URL("features", src)).map((feature) => `features/${feature}`)];
  const files = rooms.map((room) => `${room}/locales/${locale}.po`).filter((file) => existsSync(new URL(file, src)));
  expect(files.length).toBeGreaterThan(8);
  const read = files.map(async (file) => {
    const text = readFileSync(new URL(file, src), "utf8");
    const catalog = await formats.parse(text, { locale, sourceLocale: "en", filename: file });
    return Object.entries(catalog).map(([id, { message = id, context, translation }]) => ({
      of: [message, context].join("\u0004"),
      room: file,
      says: translation,
    }));
  });
  return (await Promise.all(read)).flat();
}

describe.each(["en", "pt", "de"] as const)("the words in %s", (locale) => {
  it("lack nothing", async () => {
    expect((await entries(locale)).filter(({ says }) => says === "")).toEqual([]);
  });

  // All catalogs are one once they are loaded: the last one would say it everywhere.
  it("say the same of the same in every room", async () => {
    const known = new Map<string, Set<string>>();
    for (const { of, says } of await entries(locale)) known.set(of, (known.get(of) ?? new Set()).add(says));
    expect([...known].filter(([, says]) => says.size > 1).map(([of, says]) => [of, ...says])).toEqual([]);
  });

  it("are those of the list", async () => {
    const found = (await entries(locale)).filter(({ says }) => OTHERS[locale].test(says));
    expect(found.map(({ room, says }) => `${room}: ${says}`)).toEqual([]);
  });
});

/** Portuguese says 0 like 1, "0 palpite", unless it is told not to. */
it("no count of none is singular in Portuguese", async () => {
  const bare = /plural, one \{([^{}]*#[^{}]*)\} other \{([^{}]*)\}/;
  const found = (await entries("pt")).filter(({ says }) => {
    const [, one, other] = bare.exec(says) ?? [];
    return one !== other;
  });
  expect(found.map(({ room, says }) => `${room}: ${says}`)).toEqual([]);
});
