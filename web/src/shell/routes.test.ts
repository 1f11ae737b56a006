import { expect, it } from "vitest";

import { beginToFetch, placeAt } from "./routes";

it("leads from what the bar calls tips to the tips", () => {
  history.replaceState(null, "", "/tips");
  void beginToFetch();
  expect(location.pathname).toBe("/");
});

it("reads what an address names, and finds nothing where that cannot be read", () => {
  expect(placeAt("/player/50%25%20a%2Fb")?.params).toEqual({ name: "50% a/b" });
  expect(placeAt("/match/A1/show")?.params).toEqual({ code: "A1" });
  expect(placeAt("/Table/")?.params).toEqual({});
  for (const path of ["/player/%E0%A4%A", "/book/a/b", "/tables", "/match"]) expect(placeAt(path)).toBeUndefined();
});
