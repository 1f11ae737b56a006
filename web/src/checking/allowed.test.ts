import { describe, expect, it } from "vitest";

import { reasonAgainst } from "./allowed";

describe("whether a device checks by itself", () => {
  it("does, where nothing speaks against it", () => {
    expect(reasonAgainst({}, null)).toBeUndefined();
    expect(reasonAgainst({ deviceMemory: 8, hardwareConcurrency: 8 }, null)).toBeUndefined();
  });
  it("does not over what is metered, nor on what is weak", () => {
    expect(reasonAgainst({ connection: { saveData: true } }, null)).toBe("metered");
    expect(reasonAgainst({ deviceMemory: 0.5 }, null)).toBe("weak");
    expect(reasonAgainst({ hardwareConcurrency: 1 }, null)).toBe("weak");
  });
  it("does as its owner says", () => {
    expect(reasonAgainst({ connection: { saveData: true } }, "always")).toBeUndefined();
    expect(reasonAgainst({}, "asked")).toBe("chosen");
  });
});
