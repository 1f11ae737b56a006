import { expect, it } from "vitest";

import { colourOf, COLOURS, knownLetters, lettersOf, meet } from "./faces";

it("gives each name two letters, and a sign where there are none", () => {
  expect(lettersOf("Ana")).toBe("An");
  expect(lettersOf("zoë 🦊")).toBe("Zo");
  expect(lettersOf("Ø")).toBe("Ø2");
  expect(lettersOf("🦊🦊")).toBe("🦊");
});

it("gives nobody the letters of another", () => {
  meet([
    { account: "c", name: "Anton" },
    { account: "a", name: "Ana" },
    { account: "b", name: "An" },
  ]);
  expect([...knownLetters.get()].sort()).toEqual([
    ["a", "An"],
    ["b", "A2"],
    ["c", "At"],
  ]);
});

it("keeps to the colours there are", () => {
  for (const account of ["x", "y", "ö", ""]) expect(COLOURS[colourOf(account)]).toBeDefined();
});
