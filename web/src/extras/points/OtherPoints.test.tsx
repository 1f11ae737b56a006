import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { show } from "../../test/show";
import { OtherPoints } from "./OtherPoints";

const rules = (...stages: unknown[]) => ({
  features: { schemes: { stages: stages.map((stage) => ({ stage, scoring: { kind: "newer" } })) } },
});

const shown = async (of: unknown) => {
  await show(<OtherPoints rules={of} />);
  return screen.getByTestId("shown").textContent;
};

it("names the rounds in which a tip wins other points", async () => {
  expect(await shown(rules("Quarter-finals", "Final"))).toBe("Other points in: Quarter-finals, Final");
});

it.each([
  [undefined],
  [{}],
  [{ features: {} }],
  [rules()],
  [rules({ en: "Final" })],
  [{ features: { schemes: { stages: "Final" } } }],
])("says nothing of %j", async (of) => {
  expect(await shown(of)).toBe("");
});
