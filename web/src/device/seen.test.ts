import { renderHook } from "@testing-library/react";
import { expect, it } from "vitest";

import { hasSeen, offered, sawMoment, useWasOffered } from "./seen";

it("remembers what was watched, each moment on its own, and not without end", () => {
  expect(hasSeen("A", "kickoff")).toBe(false);
  sawMoment("A", "kickoff");
  sawMoment("A", "kickoff");
  expect(hasSeen("A", "kickoff")).toBe(true);
  expect(hasSeen("A", "fulltime")).toBe(false);
  expect(JSON.parse(localStorage.getItem("bolao.seen") ?? "")).toEqual(["kickoff A"]);
  for (let no = 0; no < 900; no += 1) sawMoment(`M${no}`, "fulltime");
  expect(hasSeen("A", "kickoff")).toBe(false);
  expect(hasSeen("M899", "fulltime")).toBe(true);
  expect(JSON.parse(localStorage.getItem("bolao.seen") ?? "")).toHaveLength(800);
});

it("remembers what was offered apart from what was watched", () => {
  offered([
    { code: "B", is: "kickoff" },
    { code: "C", is: "fulltime" },
  ]);
  const { result } = renderHook(useWasOffered);
  expect([result.current("B", "kickoff"), result.current("B", "fulltime"), hasSeen("B", "kickoff")]).toEqual([
    true,
    false,
    false,
  ]);
});
