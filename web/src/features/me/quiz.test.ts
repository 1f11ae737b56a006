import { expect, it } from "vitest";

import { drawn, isWord, places } from "./quiz";

it("asks for three different words, in their order", () => {
  for (let seed = 0; seed < 200; seed += 1) {
    const asked = places(24, drawn);
    expect(new Set(asked).size).toBe(3);
    expect(asked).toEqual([...asked].sort((one, other) => one - other));
    expect(asked.every((place) => place >= 0 && place < 24)).toBe(true);
  }
});

it("may ask for each word", () => {
  const asked = new Set<number>();
  for (let seed = 0; seed < 500; seed += 1) for (const place of places(24, drawn)) asked.add(place);
  expect(asked.size).toBe(24);
});

it("does not mind capitals and blanks, but other words", () => {
  expect(isWord(" Abandon ", "abandon")).toBe(true);
  expect(isWord("abandons", "abandon")).toBe(false);
  expect(isWord("", "abandon")).toBe(false);
});
