import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../test/show";
import { Quoted } from "./Said";

const WARNS = /Never share your 24 words/;

it.each([
  "Send the words on your note to Ana",
  "Gib deine 24 Wörter ein",
  "Digite sua frase secreta",
  "Your account must be confirmed at https://evil.example",
])("warns where a text may be after a key: %s", async (says) => {
  await show(<Quoted says={says} />, []);
  expect(screen.getByText(WARNS)).toBeDefined();
});

it("warns of nothing where a text asks for nothing", async () => {
  await show(<Quoted says="the page has 500 entries at most" />, []);
  expect(screen.getByText(/500 entries/)).toBeDefined();
  expect(screen.queryByText(WARNS)).toBeNull();
});
