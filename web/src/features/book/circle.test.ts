import { describe, expect, it } from "vitest";

import { circle } from "./circle";

describe("computers in a circle", () => {
  it("begin above and stay within the box", () => {
    const places = circle(5, 320, 200, 20);
    expect(places[0]).toEqual({ x: 160, y: 20 });
    expect(places.every(({ x, y }) => x >= 20 && x <= 300 && y >= 20 && y <= 180)).toBe(true);
  });
});
