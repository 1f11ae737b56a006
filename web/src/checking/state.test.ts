import { expect, it } from "vitest";

import { last, provenFinal } from "./state";

const checked = (final: number) => ({ pool: "p", checked: { final, final_hash: "ff" } as never, at_s: 0, table: true });

it("names for an invitation what this device has found final, and nothing that it has not read", () => {
  expect(provenFinal()).toBeNull();
  last.set(checked(0));
  expect(provenFinal()).toBeNull();
  last.set(checked(7));
  expect(provenFinal()).toEqual({ height: 7, hash: "ff" });
});
