import { i18n } from "@lingui/core";
import { afterEach, expect, it } from "vitest";

import { isAmount, isIncomplete, money } from "./fee";

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

it.each(["10", "12.50", "12,5", "0.01", "1000000", "0010", "1000000.00"])("%s is an amount", (text) => {
  expect(isAmount(text)).toBe(true);
});

// As `Money` in the program reads them, within the limits of the rule.
it.each(["", "0", "0.00", "1000000.01", "1.234", "1.", ".5", "-1", "1e3", "1.000,50", "10 ", "ten", "1234567890"])(
  "%j is none",
  (text) => {
    expect(isAmount(text)).toBe(false);
  },
);

it.each([
  [{ amount: "10", currency: "€" }, false],
  [{ amount: "10", currency: "" }, true],
  [{ amount: "", currency: "€" }, true],
])("of %j it says that something is missing: %j", (rule, is) => {
  expect(isIncomplete({ ...rule, split: [100] })).toBe(is);
});
