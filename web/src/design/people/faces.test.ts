import { expect, it } from "vitest";

import { colourOf, COLOURS, knownFaces, lettersOf, meet } from "./faces";

it("gives each name two letters, and a sign where there are none", () => {
  expect(lettersOf("Ana")).toBe("An");
  expect(lettersOf("zoë 🦊")).toBe("Zo");
  expect(lettersOf("Ø")).toBe("Ø2");
  expect(lettersOf("🦊🦊")).toBe("🦊");
  expect(lettersOf("🇵🇹🦊")).toBe("🇵🇹");
  expect(lettersOf("👩🏽‍🚀🦊")).toBe("👩🏽‍🚀");
});

it("gives nobody the letters of another", () => {
  meet([
    { account: "c", name: "Anton", joined: 1 },
    { account: "a", name: "Ana", joined: 1 },
    { account: "b", name: "An", joined: 1 },
  ]);
  expect([...knownFaces.get()].map(([account, { letters }]) => [account, letters]).sort()).toEqual([
    ["a", "An"],
    ["b", "A2"],
    ["c", "At"],
  ]);
});

it("gives nobody the colour of another while there are enough", () => {
  meet("a b c d e f g h i".split(" ").map((account) => ({ account, name: account, joined: 1 })));
  expect(new Set([...knownFaces.get().values()].map(({ colour }) => colour)).size).toBe(COLOURS.length);
});

it("gives a newcomer nothing of whoever was there before", () => {
  const ana = { account: "b", name: "Ana", joined: 1 };
  meet([ana]);
  const before = knownFaces.get().get("b");
  // In whatever order they come, and whatever account somebody looks for.
  meet(
    "a j s"
      .split(" ")
      .map((account) => ({ account, name: "Anna", joined: 2 }))
      .concat(ana),
  );
  expect(knownFaces.get().get("b")).toEqual(before);
});

it("keeps to the colours there are", () => {
  for (const account of ["x", "y", "ö", ""]) expect(COLOURS[colourOf(account)]).toBeDefined();
});
