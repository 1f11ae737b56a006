import { expect, it } from "vitest";

import { stateOf } from "./State";

it("calls stamped only what is proven final here, once this device has checked the book", () => {
  expect(stateOf("final", 5, undefined)).toBe("stamped");
  expect(stateOf("final", 5, 5)).toBe("stamped");
  expect(stateOf("final", 6, 5)).toBe("booked");
  expect(stateOf("in_block", 4, 5)).toBe("booked");
  expect(stateOf(undefined, 4, 5)).toBe("sent");
});
