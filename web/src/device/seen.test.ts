import { expect, it } from "vitest";

import { hasSeen, sawMoment } from "./seen";

it("remembers what was watched, each moment on its own, and not without end", () => {
  expect(hasSeen("A", "kickoff")).toBe(false);
  sawMoment("A", "kickoff");
  sawMoment("A", "kickoff");
  expect(hasSeen("A", "kickoff")).toBe(true);
  expect(hasSeen("A", "fulltime")).toBe(false);
  expect(JSON.parse(localStorage.getItem("bolao.seen") ?? "")).toEqual(["kickoff A"]);
  for (let no = 0; no < 500; no += 1) sawMoment(`M${no}`, "fulltime");
  expect(hasSeen("A", "kickoff")).toBe(false);
  expect(hasSeen("M499", "fulltime")).toBe(true);
  expect(JSON.parse(localStorage.getItem("bolao.seen") ?? "")).toHaveLength(400);
});
