import { describe, expect, it } from "vitest";

import { Unreadable } from "../../../node/shape";
import { planOf } from "./plan";

const AT = "2030-06-01T18:00:00Z";
const fixture = { no: 1, code: "A1", home: { name: "Portugal" }, away: { name: "Spain" }, kickoff: AT, stage: "Final" };
const change = { match: { no: 1, code: "A1" }, signs: [{ type: "schedule", fixture }], verdict: "sign" };
const plan = { name: "Cup", matches: 1, known: 1, left_out: [], warnings: [], not_in_file: [], changes: [change] };

const withChange = (more: object) => ({ ...plan, changes: [{ ...change, ...more }] });
const withSign = (sign: unknown) => withChange({ signs: [sign] });
const withFixture = (more: object) => withSign({ type: "schedule", fixture: { ...fixture, ...more } });
const withOutcome = (more: object) => withSign({ type: "result", outcome: { status: "played", ...more } });

describe("a plan", () => {
  it.each([
    ["as the description has it", plan],
    ["without any change", { ...plan, changes: [] }],
    ["with a day", withSign({ type: "day", day: { begins: AT, ends: AT } })],
    ["with a result", withOutcome({ after_90: { home: 2, away: 1 }, shootout: null })],
    ["with a doubt", withChange({ signs: [], verdict: "doubt", doubt: { why: "no_time", date: "2030-06-01" } })],
    ["with a kind of signature that is not known here", withSign({ type: "organiser" })],
  ])("is read %s", (_, it) => expect(planOf(it)).toBe(it));

  it.each([
    ["nothing", undefined],
    ["null", null],
    ["a list", []],
    ["no changes", { ...plan, changes: null }],
    ["changes that are none", { ...plan, changes: [null] }],
    ["a missing name", { ...plan, name: undefined }],
    ["a name that is none", { ...plan, name: {} }],
    ["half a match", { ...plan, matches: 0.5 }],
    ["warnings that are no texts", { ...plan, warnings: [{}] }],
    ["no match", withChange({ match: null })],
    ["no signatures", withChange({ signs: null })],
    ["a signature of no kind", withSign({})],
    ["a schedule without a match", withSign({ type: "schedule", fixture: null })],
    ["a team without a name", withFixture({ home: {} })],
    ["a stage that is no text", withFixture({ stage: {} })],
    ["a result without an outcome", withSign({ type: "result" })],
    ["goals that are none", withOutcome({ after_90: { home: "2", away: {} } })],
    ["a reason that is no text", withOutcome({ reason: {} })],
    ["an unknown verdict", withChange({ verdict: "perhaps" })],
    ["an unknown doubt", withChange({ doubt: { why: "moon" } })],
    ["a doubt whose moment is none", withChange({ doubt: { why: "other_day", date: "x", kickoff: "soon" } })],
    ["a sentence that is none", withChange({ detail: {} })],
    ["more changes than any pool has matches", { ...plan, changes: Array(10_001).fill(change) }],
  ])("with %s is refused", (_, it) => expect(() => planOf(it)).toThrow(Unreadable));
});
