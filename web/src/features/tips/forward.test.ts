import { expect, it } from "vitest";

import { broughtForward, keepKickOffs } from "./forward";

const at = (code: string, kickoff: string | null) => ({ code, kickoff });
const S = (moment: string) => Date.parse(moment) / 1000;
const SIX = "2026-11-28T18:00:00Z";
const EIGHT = "2026-11-28T20:00:00Z";

/** Looks at the matches, as a page does. */
function look(pool: string, matches: ReturnType<typeof at>[]) {
  const forward = broughtForward(pool, matches);
  keepKickOffs(pool, matches);
  return forward;
}

it("tells of a match that was brought forward, until it is put later again", () => {
  expect(look("a", [at("X", EIGHT), at("Y", SIX), at("Z", null)]).size).toBe(0);
  expect([...look("a", [at("X", SIX), at("Y", EIGHT), at("Z", SIX)])]).toEqual([["X", S(EIGHT)]]);
  expect([...look("a", [at("X", SIX), at("Y", SIX)])]).toEqual([
    ["X", S(EIGHT)],
    ["Y", S(EIGHT)],
  ]);
  expect(look("a", [at("X", EIGHT)]).size).toBe(0);
});

it("keeps each pool for itself, forgets what is gone, and reads nothing that it did not write", () => {
  look("b", [at("X", EIGHT), at("__proto__", EIGHT)]);
  expect(look("c", [at("X", SIX)]).size).toBe(0);
  expect(look("b", [at("__proto__", SIX)]).get("__proto__")).toBe(S(EIGHT));
  look("b", [at("Y", EIGHT)]);
  expect(localStorage.getItem("bolao.kickoffs.b")).toBe(JSON.stringify([["Y", S(EIGHT)]]));
  localStorage.setItem("bolao.kickoffs.b", '[["Y", "9999999999"], 7, {}]');
  expect(look("b", [at("Y", SIX)]).size).toBe(0);
});
