import { i18n, type Messages } from "@lingui/core";

import { kept } from "../device/kept";

export const LANGUAGES = { en: "English", pt: "Português", de: "Deutsch" } as const;

export type Language = keyof typeof LANGUAGES;

/** Where dates and numbers are written as in, if the browser's own region says nothing. */
const REGIONS: Record<Language, string> = { en: "en-GB", pt: "pt-BR", de: "de-DE" };

const isLanguage = (tag: string): tag is Language => tag in LANGUAGES;

const chosen = kept("bolao.language");

function wanted(): Language {
  const own = chosen.read();
  if (own !== null && isLanguage(own)) return own;
  for (const tag of navigator.languages) {
    const language = tag.split("-", 1)[0] ?? "";
    if (isLanguage(language)) return language;
  }
  return "en";
}

let language: Language = wanted();

/** The language that is spoken now, with the region whose dates and numbers the reader is used to. */
export function locale(): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? REGIONS[language];
}

/** The language that is spoken now. */
export const spoken = (): Language => language;

const catalogs = import.meta.glob<{ messages: Messages }>([
  "./locales/*.po",
  "../rulebook/locales/*.po",
  "../features/*/locales/*.po",
]);
const rooms = new Set<string>(["./locales"]);

async function bring(room: string, of: Language): Promise<void> {
  const catalog = await catalogs[`${room}/${of}.po`]?.();
  if (catalog !== undefined) i18n.load(of, catalog.messages);
}

const OF_RULES = "../rulebook/locales";

async function bringFrom(room: string): Promise<void> {
  if (rooms.has(room)) return;
  await bring(room, language);
  rooms.add(room);
  i18n.activate(language, locale());
}

/** Brings the words of a feature, now and whenever the language changes. */
export const wordsOf = (feature: string): Promise<void> => bringFrom(`../features/${feature}/locales`);

/** Brings the words of the pool's rules, which few read twice. */
export const wordsOfRules = (): Promise<void> => bringFrom(OF_RULES);

export const hasWordsOfRules = (): boolean => rooms.has(OF_RULES);

async function activate(next: Language): Promise<void> {
  await Promise.all([...rooms].map((room) => bring(room, next)));
  language = next;
  document.documentElement.lang = locale();
  i18n.activate(next, locale());
}

/** Speaks another language, from now on. */
export async function speak(next: Language): Promise<void> {
  chosen.write(next);
  await activate(next);
}

/** Speaks the reader's language. */
export const beginToSpeak = (): Promise<void> => activate(language);
