import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { show } from "../test/show";
import { speak, wordsOfRules } from "../words/languages";
import { Sentences } from "./Sentences";

vi.mock(import("../words/languages"), async (original) => {
  const languages = await original();
  return { ...languages, wordsOfRules: vi.fn(languages.wordsOfRules) };
});

const SAID = [{ template: "Anyone can join." }, { template: "Penalties count {times}.", values: { times: 2 } }];

beforeEach(() => speak("de"));
afterEach(() => speak("en"));

it("does not leave a rule out where its words did not come", async () => {
  vi.mocked(wordsOfRules).mockRejectedValueOnce(new TypeError("Failed to fetch"));
  await show(<Sentences said={SAID.slice(0, 1)} />);
  (await screen.findByText("Noch einmal versuchen")).click();
  expect(await screen.findByText("Alle dürfen mitmachen.")).toBeDefined();
});

it("says the rules in the reader’s language, and in English what it has no words for", async () => {
  await show(<Sentences said={SAID} sentences={["Anyone can join.", "Penalties count 2."]} />);
  expect((await screen.findByText("Alle dürfen mitmachen.")).lang).toBe("");
  expect(screen.getByText("Penalties count 2.").lang).toBe("en");
});
