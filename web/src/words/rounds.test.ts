import { afterAll, expect, it } from "vitest";

import { speak } from "./languages";
import { roundName } from "./rounds";

afterAll(() => speak("en"));

it("calls the program's own rounds as the reader does, and others as they are", async () => {
  expect(roundName("Regular season")).toBe("Regular season");
  await speak("de");
  expect(roundName("Regular season")).toBe("Saison");
  expect(roundName("Quarter-finals")).toBe("Viertelfinale");
  expect(roundName("Matchday 3")).toBe("Matchday 3");
});
