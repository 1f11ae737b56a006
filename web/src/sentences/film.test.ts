import { describe, expect, it } from "vitest";

import type { Shapes } from "../node/client";
import { inOrder, kickOffsOf, offerOf, type Scene, turnsOf } from "./film";

type Match = Shapes["MatchBody"];

const at = (time: string): number => Date.parse(`2026-06-11T${time}Z`) / 1000;

const match = (no: number, time: string, more: Partial<Match> = {}): Match =>
  ({ no, code: `M${no}`, kickoff: `2026-06-11T${time}Z`, status: "scheduled", postponed: false, ...more }) as Match;

const codes = (scenes: readonly Scene[]): string => scenes.map(({ code }) => code).join(" ");

describe("kick-offs", () => {
  it("are scenes from ten seconds before to ten minutes after", () => {
    const one = [match(1, "15:30:00")];
    const seen = ["15:29:49", "15:29:50", "15:39:59", "15:40:00"].map((time) => codes(kickOffsOf(one, at(time))));
    expect(seen).toEqual(["", "M1", "M1", ""]);
    expect(turnsOf(one)).toEqual([at("15:29:50"), at("15:31:00"), at("15:40:00")]);
  });

  it("are none where nothing begins", () => {
    const none = [
      match(1, "15:30:00", { postponed: true }),
      match(2, "15:30:00", { status: "final" }),
      match(3, "15:30:00", { kickoff: null }),
    ];
    expect(kickOffsOf(none, at("15:30:00"))).toEqual([]);
    expect(turnsOf(none)).toEqual([]);
  });

  it("in one minute come all, also to whom has the first one open", () => {
    const two = [match(2, "15:30:40"), match(1, "15:30:00")];
    expect(codes(kickOffsOf(two, at("15:30:05")))).toBe("M1");
    expect(codes(inOrder(kickOffsOf(two, at("15:30:30"))))).toBe("M1 M2");
  });

  it("at the same moment are offered as one", () => {
    const five = [5, 4, 3, 2, 1].map((no) => match(no, "15:30:00"));
    const scenes = inOrder(kickOffsOf(five, at("15:29:55")));
    expect(codes(offerOf(scenes, at("15:29:55")))).toBe("M1 M2 M3 M4 M5");
  });

  it("are offered for a minute only, though they wait for longer behind others", () => {
    const scenes = inOrder(kickOffsOf([match(1, "15:30:00"), match(2, "15:31:00")], at("15:31:00")));
    expect(codes(scenes)).toBe("M1 M2");
    expect(codes(offerOf(scenes, at("15:31:00")))).toBe("M2");
  });
});

it("a kick-off does not wait for what has ended", () => {
  const end = { code: "M9", is: "fulltime", match: match(9, "13:30:00"), at_s: at("15:25:00") } as const;
  const scenes = inOrder([end, ...kickOffsOf([match(1, "15:30:00")], at("15:29:55"))]);
  expect(codes(scenes)).toBe("M1 M9");
  expect(codes(offerOf(scenes, at("15:29:55")))).toBe("M1");
  expect(codes(offerOf(scenes.slice(1), at("15:29:55")))).toBe("M9");
});
