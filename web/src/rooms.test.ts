// The rooms of the page, in the order in which they stand on each other: a file imports from rooms before its own alone.

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { expect, it } from "vitest";

const ROOMS = [
  "device",
  "rules",
  "node",
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

const sources = (readdirSync(import.meta.dirname, { recursive: true }) as string[]).filter(
  (path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && ROOMS.includes(path.split("/")[0] ?? ""),
);

it("imports point downwards only", () => {
  const wrong = sources.flatMap((path) => {
    const text = readFileSync(join(import.meta.dirname, path), "utf8");
    const own = ROOMS.indexOf(path.split("/")[0] ?? "");
    return [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.\.?\/[^"]*)"/g)].flatMap(([, to = ""]) => {
      const other = ROOMS.indexOf(posix.join(posix.dirname(path), to).split("/")[0] ?? "");
      return other > own ? [`${path} imports ${to}`] : [];
    });
  });
  expect(wrong).toEqual([]);
  expect(sources.length).toBeGreaterThan(150);
});
