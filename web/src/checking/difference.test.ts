import { expect, it } from "vitest";

import { differenceOf } from "./difference";

type Row = Record<string, unknown>;

const line = (name: string, points: number): Row => ({ place: 1, player: { account: name, name }, points, chips: 7 });
const tip = (name: string, home = 2): Row => ({
  match: { no: 1, code: "PtEs" },
  player: { account: name, name },
  score: { home, away: 1 },
});

/** What is found where the node says `node` and the chain `own`. */
const found = (path: string, node: unknown, own: unknown) =>
  differenceOf(path, JSON.stringify(node), JSON.stringify(own));
const inTable = (node: Row[], own: Row[]) => found("/api/v1/standings?limit=500", { items: node }, { items: own });

it("names the field, whose it is, and both values", () => {
  expect(inTable([line("ana", 3), line("bruno", 12)], [line("ana", 3), line("bruno", 11)])).toEqual({
    what: "points",
    player: "bruno",
    node: "12",
    own: "11",
    sentence: "This computer gives the points of bruno as 12; the chain says 11.",
  });
  expect(found("/api/v1/matches/PtEs/tips", { items: [tip("ana", 0)] }, { items: [tip("ana")] })).toMatchObject({
    what: "score",
    player: "ana",
    match: "PtEs",
    node: "0–1",
    own: "2–1",
    sentence: "This computer gives the score of ana's tip on PtEs as 0–1; the chain says 2–1.",
  });
});

it.each([
  ["/api/v1/matches/PtEs", { code: "PtEs", record: { version: 1 } }, { code: "PtEs", record: null }, "record of PtEs"],
  [
    "/api/v1/matches/Pt%20Es/results",
    { items: [{ version: 1 }] },
    { items: [{ version: 0 }] },
    "version of the results of Pt Es",
  ],
  [
    "/api/v1/players/x",
    { name: "x", standing: { exact: 1 } },
    { name: "x", standing: { exact: 0 } },
    "exact tips of x",
  ],
  ["/api/v1/rounds", { items: [{ stage: "A", scored: 1 }] }, { items: [{ stage: "A", scored: 0 }] }, "of the round A"],
  ["/api/v1/standings", { items: [], scored: 1 }, { items: [], scored: 0 }, "with a score of the table"],
  ["/api/v1/organisers", { added: ["a"] }, { added: [] }, "added of the organisers"],
  ["/api/v1/pool", { open: true }, {}, "open of the pool as yes; the chain says nothing"],
])("finds what differs at %s", (path, node, own, says) => {
  expect(found(path, node, own).sentence).toContain(says);
});

it("says which row is left out, in another place, or not in the chain", () => {
  const [ana, bruno, clara] = [line("ana", 3), line("bruno", 2), line("clara", 1)] as const;
  const all = [ana, bruno, clara];
  expect(inTable([ana, clara], all)).toMatchObject({ what: "left-out", player: "bruno" });
  expect(inTable([ana, bruno], all).sentence).toBe("This computer leaves out clara, which is in the chain.");
  expect(inTable([ana, clara, bruno], all)).toMatchObject({ what: "order", player: "clara" });
  expect(inTable([ana, line("eve", 9), bruno, clara], all)).toMatchObject({ what: "unknown", player: "eve" });
  expect(inTable([...all, line("eve", 9)], all)).toMatchObject({ what: "unknown", node: "eve", own: "not there" });
  expect(found("/api/v1/standings.json", [clara], [ana, clara])).toMatchObject({ what: "left-out", player: "ana" });
});

it("finds a column of a grid, and a cell", () => {
  const grid = (code: string, home: number) => ({
    matches: [{ no: 1, code }],
    items: [{ player: { account: "ana", name: "ana" }, cells: [{ score: { home, away: 0 } }, null] }],
  });
  const at = "/api/v1/rounds/A/matrix";
  expect(found(at, grid("EsPt", 1), grid("PtEs", 1))).toMatchObject({ what: "code", match: "PtEs" });
  expect(found(at, grid("PtEs", 2), grid("PtEs", 1))).toMatchObject({ what: "score", player: "ana", node: "2–0" });
});

it("finds something in whatever is not the same text", () => {
  expect(differenceOf("/x", "{", "{}")).toMatchObject({
    what: "answer",
    sentence: expect.stringContaining("cannot be read") as string,
  });
  expect(differenceOf("/x", '{"a": 1}', '{"a":1}').sentence).toContain("otherwise than the chain");
  const deep = "[".repeat(100_000) + "]".repeat(100_000);
  for (const node of [deep, `{"items":${deep}}`, "null", "7", '{"items":7}', '{"items":[null,1,[2]]}'])
    expect(differenceOf("/api/v1/players", node, '{"items":[{"account":"a","name":"Ana"}]}').sentence).not.toBe("");
});
