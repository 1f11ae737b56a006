import { i18n } from "@lingui/core";
import { afterEach, expect, it } from "vitest";

import { money } from "./fee";

afterEach(() => i18n.activate("en"));

it.each([
  ["en", "10", "10\u00a0€"],
  ["en", "1234567.50", "1,234,567.50\u00a0€"],
  ["de", "12.50", "12,50\u00a0€"],
])("in %s it writes %s with its currency behind it", (language, amount, text) => {
  i18n.load(language, {});
  i18n.activate(language);
  expect(money(i18n, amount, "€")).toBe(text);
});
