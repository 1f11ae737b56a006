import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it, vi } from "vitest";

import { speak, wordsOf } from "../../words/languages";
import { pushWords } from "./pushWords";

type Shown = [title: string, options: { body: string; lang: string; data: { path: string } }];

/** What the service worker shows of a message, with words that the page has kept. */
async function shown(news: object | undefined, words: unknown): Promise<Shown> {
  const listeners = new Map<string, (event: unknown) => void>();
  const showNotification = vi.fn(() => Promise.resolve());
  const self = {
    location: new URL("https://pool.example/sw.js"),
    addEventListener: (name: string, listener: (event: unknown) => void) => listeners.set(name, listener),
    registration: { showNotification },
  };
  const caches = { match: () => Promise.resolve(words === undefined ? undefined : Response.json(words)) };
  const source = readFileSync(join(import.meta.dirname, "../../sw.js"), "utf8");
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call
  new Function("self", "caches", "VERSION", "FILES", source)(self, caches, "0", []);
  let done: Promise<unknown> = Promise.resolve();
  const data = news === undefined ? null : { json: () => news };
  listeners.get("push")?.({ data, waitUntil: (work: Promise<unknown>) => (done = work) });
  await done;
  expect(showNotification).toHaveBeenCalledOnce();
  return showNotification.mock.calls[0] as unknown as Shown;
}

const closes = Date.UTC(2030, 5, 5, 19, 45) / 1000;
const game = { code: "PtCh", home: "Portugal", away: "Switzerland" };
const NO_TIP = { kind: "no_tip", pool: "Our cup", matches: [{ ...game, closes }], more: 2 };
const RESULT = { kind: "result", pool: "Our cup", matches: [{ ...game, score: "3-1" }] };
const LINK = { kind: "link", pool: "Our cup", link: "https://ana.relay.example" };
const TOLD = {
  en: [/^You have not tipped yet$/, /^Portugal – Switzerland: tips close at .*45.*\nand 2 more$/, /^A result is in$/],
  de: [
    /^Dein Tipp fehlt noch$/,
    /^Portugal – Switzerland: Tippschluss um .*45.*\nund 2 weitere$/,
    /^Ein Ergebnis ist da$/,
  ],
  pt: [/^Falta o seu palpite$/, /^Portugal – Switzerland: palpites fecham às .*45.*\ne mais 2$/, /^Saiu um resultado$/],
} as const;

describe.each(["en", "de", "pt"] as const)("a message in %s", (language) => {
  it("says what is new", async () => {
    await wordsOf("me");
    await speak(language);
    const [missing, lines, result] = TOLD[language];
    const told = await shown(NO_TIP, pushWords());
    expect(told[0]).toMatch(missing);
    expect(told[1].body).toMatch(lines);
    expect(told[1].data.path).toBe("/");
    const [title, { body, lang, data }] = await shown(RESULT, pushWords());
    expect(title).toMatch(result);
    expect(body).toBe("Portugal 3–1 Switzerland");
    expect(lang).toMatch(language);
    expect(data.path).toBe("/match/PtCh");
    const words = pushWords();
    for (const kind of ["objection", "lead"] as const)
      expect((await shown({ kind, pool: "Our cup" }, words))[0]).toBe(words[kind]);
    const [warned, { body: between }] = await shown(LINK, words);
    expect(warned).toBe(words.link);
    expect(between).toBe(words.between.replace("{host}", "ana.relay.example"));
    const [listed, { body: certified }] = await shown({ ...LINK, kind: "certificate" }, words);
    expect(listed).toBe(words.certificate);
    expect(certified).toBe(words.certified.replace("{host}", "ana.relay.example"));
  });
});

it("a message is shown also where the words are gone", async () => {
  const [title, { body }] = await shown(NO_TIP, undefined);
  expect([title, body]).toEqual(["Our cup", "Portugal – Switzerland"]);
  expect((await shown(LINK, undefined))[1].body).toBe(LINK.link);
  expect((await shown({ kind: "later", pool: "Our cup" }, pushWords()))[0]).toBe("Our cup");
});

it("a message that says nothing is shown, too", async () => {
  expect((await shown(undefined, pushWords()))[0]).toBe(pushWords().news);
  expect((await shown(undefined, undefined))[0]).toBe("Bolao");
});
