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
  "features",
  "shell",
];

const folderOf = (path: string): string => path.split("/")[0] ?? "";
const sources = (readdirSync(import.meta.dirname, { recursive: true }) as string[]).filter(
  (path) => path.includes("/") && /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && folderOf(path) !== "test",
);

it("imports point downwards only", () => {
  const wrong = sources.flatMap((path) => {
    const text = readFileSync(join(import.meta.dirname, path), "utf8");
    const own = ROOMS.indexOf(folderOf(path));
    return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.\.?\/[^"]*)"/g)].flatMap(([, to = ""]) => {
      const other = ROOMS.indexOf(folderOf(posix.join(posix.dirname(path), to)));
      return other > own ? [`${path} imports ${to}`] : [];
    });
  });
  expect(wrong).toEqual([]);
  expect(new Set(sources.map(folderOf))).toEqual(new Set(ROOMS));
  expect(sources.length).toBeGreaterThan(150);
});
