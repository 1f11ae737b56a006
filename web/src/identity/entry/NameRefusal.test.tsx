import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { RulesError } from "../../rules";
import { show } from "../../test/show";
import { NameRefusal } from "./NameRefusal";

const refused = (holds: string) =>
  new RulesError("bad-name", `got a name that cannot be used (it holds ${holds}), wanted 1 to 32 printable characters`);

it.each([
  ["Ana 🦊", "'🦊'", "🦊"],
  ["Zé 👨‍👩‍👧", "'\\u{200d}'", "👨‍👩‍👧"],
  ["Bo ☎'", "'\\''", "'"],
])("names the sign that %s may not hold", async (name, holds, sign) => {
  await show(<NameRefusal error={refused(holds)} name={name} />, []);
  expect(screen.getByRole("alert").textContent).toContain(`can’t contain “${sign}”`);
});

it.each([
  ["a sign that nobody sees", "'\\u{202e}'"],
  ["a number that is none", "'\\u{ffffff}'"],
  ["no sign", "x"],
])("says what a name may be, for %s", async (_, holds) => {
  await show(<NameRefusal error={refused(holds)} name="Ana" />, []);
  expect(screen.getByRole("alert").textContent).toContain("Use up to 32 letters");
});
