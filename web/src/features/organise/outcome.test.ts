import { describe, expect, it } from "vitest";

import { recorded } from "../../identity/assent/acts";
import { lacksResult } from "../../identity/assent/overdue";
import { draftOf, NO_RESULT, outcomeOf, type Match } from "./outcome";

const at = (seconds: number): string => new Date(seconds * 1000).toISOString();
const match = (of: Partial<Match>): Match => ({ kickoff: null, postponed: false, record: null, ...of }) as Match;

describe("a result as it is written", () => {
  it("wants both teams' goals", () => {
    expect(outcomeOf(NO_RESULT)).toBeUndefined();
    expect(outcomeOf({ ...NO_RESULT, after_90: { home: 2, away: null } })).toBeUndefined();
    expect(outcomeOf({ ...NO_RESULT, after_90: { home: 2, away: 0 } })).toEqual({
      status: "played",
      after_90: { home: 2, away: 0 },
    });
  });

  it("is not sent with half a score after extra time", () => {
    const draft = { ...NO_RESULT, after_90: { home: 1, away: 1 }, after_120: { home: 2, away: null } };
    expect(outcomeOf(draft)).toBeUndefined();
  });

  it("has everything of a match that went to penalties", () => {
    const draft = {
      ...NO_RESULT,
      after_90: { home: 0, away: 0 },
      after_120: { home: 0, away: 0 },
      shootout: { home: 5, away: 6 },
      advances: "away" as const,
      reason: "  fifa.com ",
    };
    expect(outcomeOf(draft)).toEqual({
      status: "played",
      after_90: { home: 0, away: 0 },
      after_120: { home: 0, away: 0 },
      shootout: { home: 5, away: 6 },
      advances: "away",
      reason: "fifa.com",
    });
  });

  it("has no score where there was no match", () => {
    const draft = { ...NO_RESULT, status: "cancelled" as const, after_90: { home: 1, away: 0 }, reason: "waterlogged" };
    expect(outcomeOf(draft)).toEqual({ status: "cancelled", reason: "waterlogged" });
  });
});

describe("what another organiser has signed", () => {
  it("is signed to the letter", () => {
    const body = { status: "played", half_time: null, after_90: { home: 2, away: 1 }, reason: "seen", advances: null };
    expect(recorded(body)).toEqual({ status: "played", after_90: { home: 2, away: 1 }, reason: "seen" });
  });

  it("is corrected with a reason of its own", () => {
    const draft = draftOf({ status: "played", after_90: { home: 2, away: 1 }, reason: "seen" });
    expect(draft.reason).toBe("");
    expect(draft.after_90).toEqual({ home: 2, away: 1 });
  });
});

describe("a match without a result", () => {
  it("is one that has begun", () => {
    expect(lacksResult(match({ kickoff: at(1_000) }), 999)).toBeUndefined();
    expect(lacksResult(match({ kickoff: at(1_000) }), 1_000)).toBe("playing");
    expect(lacksResult(match({ kickoff: at(1_000) }), 1_000 + 105 * 60)).toBe("over");
  });

  it("or whose day is over", () => {
    const day = { begins: at(0), ends: at(86_400) };
    expect(lacksResult(match({ day }), 86_399)).toBeUndefined();
    expect(lacksResult(match({ day }), 86_400)).toBe("over");
    expect(lacksResult(match({}), 86_400)).toBeUndefined();
  });

  it("but not one that is put off", () => {
    expect(lacksResult(match({ kickoff: at(0), postponed: true }), 86_400)).toBeUndefined();
  });

  it("and one that was put off and scheduled anew", () => {
    const record = { outcome: { status: "postponed" } } as Match["record"];
    expect(lacksResult(match({ kickoff: at(0), record }), 86_400)).toBe("over");
  });
});
