import { expect, it } from "vitest";

import { learnWhetherOutside, outside } from "./outside";

it("is outside from the first refusal on, until something is answered that was refused", () => {
  learnWhetherOutside("/api/v1/pool", 200);
  expect(outside.get()).toBe(false);
  learnWhetherOutside("/api/v1/matches", 401);
  learnWhetherOutside("/api/v1/players", 401);
  learnWhetherOutside("/api/v1/pool", 200);
  learnWhetherOutside("/api/v1/players", 500);
  expect(outside.get()).toBe(true);
  learnWhetherOutside("/api/v1/players", 304);
  expect(outside.get()).toBe(false);
});
