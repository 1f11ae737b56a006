import { screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { show } from "../test/show";
import { Choice } from "./Choice";

const WIDE = 100;

// Nothing is laid out here: one choice and a half fit, and a label begins where its choice does, which is what it is placed in.
function layOut(): void {
  vi.spyOn(HTMLElement.prototype, "offsetWidth", "get").mockReturnValue(WIDE);
  vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(1.5 * WIDE);
  vi.spyOn(HTMLElement.prototype, "offsetLeft", "get").mockImplementation(function (this: HTMLElement) {
    const row = this.parentElement?.children ?? [];
    return this.tagName === "LABEL" ? 0 : WIDE * [...row].indexOf(this);
  });
}

it.each([
  ["first", 0],
  ["last", 170],
])("has the %s in sight where not all fit", async (value, scrolled) => {
  layOut();
  const choices = ["first", "second", "last"].map((one) => ({ value: one, says: one }));
  await show(<Choice label="Part" value={value} choices={choices} choose={() => undefined} />);
  const row = screen.getByRole<HTMLInputElement>("radio", { checked: true }).parentElement?.parentElement;
  expect(row?.scrollLeft).toBe(scrolled);
});
