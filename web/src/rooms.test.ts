// The rooms of the page, in the order in which they stand on each other: a file imports from rooms before its own alone.

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { expect, it } from "vitest";

const ROOMS = [
  "device",
  "route",
  "node",
  "rules",
  "words",
  "design",
  "rulebook",
  "keys",
  "checking",
  "identity",
  "sentences",
  "extras",
  "features",
  "shell",
];

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const sources = (readdirSync(import.meta.dirname, { recursive: true }) as string[]).filter(
  (path) => path.includes("/") && /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && folderOf(path) !== "test",
);

/** What each file imports, as pairs of paths below `src`. */
const imports = sources.flatMap((path) => {
  const text = readFileSync(join(import.meta.dirname, path), "utf8");
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.\.?\/[^"]*)"/g);
  return [...found].map(([, to = ""]) => [path, posix.join(posix.dirname(path), to)] as const);
});

it("imports point downwards only", () => {
  const room = (path: string): number => ROOMS.indexOf(folderOf(path));
  expect(imports.filter(([path, to]) => room(to) > room(path))).toEqual([]);
  expect(new Set(sources.map(folderOf))).toEqual(new Set(ROOMS));
  expect(sources.length).toBeGreaterThan(150);
});

it("a feature imports nothing from another one", () => {
  const feature = (path: string): string | undefined => /^features\/([^/]*)/.exec(path)?.[1];
  const across = imports.filter(([path, to]) => feature(path) && feature(to) && feature(path) !== feature(to));
  expect(across).toEqual([]);
});

it("only its own address is read where the page lies on its host", () => {
  const naming = sources.filter((path) => {
    const text = readFileSync(join(import.meta.dirname, path), "utf8").replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, "");
    return /location\.pathname|(?<!#)\bfetch\([`"']\/|location\.(assign|replace)\([`"']\/|register\([`"']\//.test(text);
  });
  expect(naming).toEqual(["features/start/first.ts"]);
});
