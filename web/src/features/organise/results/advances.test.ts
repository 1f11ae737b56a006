import { expect, it } from "vitest";

import { NO_RESULT, type ResultDraft } from "../outcome";
import { advancing, isUntold, withAdvancing } from "./advances";

const goals = (home: number, away: number) => ({ home, away });
const draft = (more: Partial<ResultDraft>): ResultDraft => ({ ...NO_RESULT, ...more });

const WON = draft({ after_90: goals(2, 1) });
const LEVEL = draft({ after_90: goals(1, 1) });
const EXTRA = draft({ after_90: goals(1, 1), after_120: goals(1, 2) });
const SECOND_LEG = draft({ after_90: goals(2, 1), after_120: goals(3, 1) });
const SHOOTOUT = draft({ after_90: goals(2, 1), after_120: goals(2, 1), shootout: goals(3, 4) });

it.each([
  ["a win within 90 minutes", WON, null, "home"],
  ["a draw", LEVEL, null, null],
  ["extra time after a draw", EXTRA, "away", "away"],
  ["extra time after two legs", SECOND_LEG, null, "home"],
  ["a shoot-out", SHOOTOUT, "away", "away"],
])("of %s it is known, or likely, who advances", (_, of, known, likely) => {
  expect(advancing(of)).toBe(known);
  expect(isUntold(of)).toBe(known === null);
  expect(withAdvancing(NO_RESULT, of).advances).toBe(likely);
});

it("is asked of whole scores only", () => {
  expect(isUntold(NO_RESULT)).toBe(false);
  expect(isUntold({ ...LEVEL, shootout: { home: 4, away: null } })).toBe(false);
  expect(isUntold({ ...LEVEL, status: "abandoned" })).toBe(false);
});

it("stays as it was said until a score changes", () => {
  const said = { ...WON, advances: "away" as const };
  expect(withAdvancing(said, { ...said, half_time: goals(1, 1) }).advances).toBe("away");
  expect(withAdvancing(said, { ...said, after_90: goals(1, 1) }).advances).toBeNull();
});
