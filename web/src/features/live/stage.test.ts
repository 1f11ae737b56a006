import { expect, it } from "vitest";

import type { Shapes } from "../../node/client";
import { onStage } from "./stage";

const at = (hour: number): string => new Date(Date.UTC(2026, 5, 5, hour)).toISOString();
const NOW_S = Date.UTC(2026, 5, 5, 12) / 1000;
const match = (no: number, status: string, hour: number, more = {}) =>
  ({ no, status, kickoff: at(hour), postponed: false, ...more }) as unknown as Shapes["MatchBody"];
const shown = (...matches: Shapes["MatchBody"][]) => onStage(matches, NOW_S).map(({ no }) => no);

const NEXT = [match(8, "scheduled", 20), match(9, "scheduled", 15)];

it("has what is played now on the stage", () => {
  expect(shown(match(1, "closed", 11), match(2, "closed", 11), ...NEXT)).toEqual([1, 2]);
});

it("has the next match there where none is played", () => {
  const over = match(3, "provisional", 11, { record: { outcome: { status: "played" } } });
  expect(shown(match(1, "closed", 2), match(2, "closed", 11, { postponed: true }), over, ...NEXT)).toEqual([9]);
  expect(shown(over)).toEqual([]);
});
