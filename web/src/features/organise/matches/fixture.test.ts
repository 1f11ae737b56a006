import { describe, expect, it } from "vitest";

import { scheduled } from "../../../identity/assent/acts";
import type { Shapes } from "../../../node/client";
import { draftOf, fixtureOf, lateness, numberFor } from "./fixture";

const body: Shapes["Fixture"] = {
  no: 7,
  code: "W91W92",
  home: { name: "Portugal", code: "POR" },
  away: { name: "W92" },
  kickoff: "2026-06-05T18:45:30Z",
  stage: "Semi-finals",
};

describe("a match that is scheduled anew", () => {
  it("is the same if nobody touched it, to the second", () => {
    expect(fixtureOf(draftOf(body), 7, body)).toEqual(scheduled(body));
  });

  it("loses a team's short code with its name", () => {
    const draft = { ...draftOf(body), home: "Spain" };
    expect(fixtureOf(draft, 7, body)?.home).toEqual({ name: "Spain" });
    expect(fixtureOf(draft, 7, body)?.away).toEqual({ name: "W92" });
  });

  it("has no kick-off where the field is empty", () => {
    expect(fixtureOf({ ...draftOf(body), kickoff: "" }, 7, body)?.kickoff).toBeNull();
  });

  it("wants two teams, a code and a round", () => {
    expect(fixtureOf({ ...draftOf(body), away: " " }, 7, body)).toBeUndefined();
  });
});

it("gives a new match the number of the same proposal, else one of which nothing waits", () => {
  const proposal = (no: number, code: string) =>
    ({
      type: "schedule",
      match: { no, code: String(no) },
      about: { no, code: String(no) },
      fixture: { no, code },
    }) as unknown as Shapes["WaitingBody"];
  const matches = [{ no: 1 }, { no: 2 }];
  const waiting = [proposal(3, "X"), proposal(5, "Z"), proposal(2, "Y")];
  expect(["Y", "x", "Z"].map((code) => numberFor(code, matches, waiting))).toEqual([4, 3, 5]);
  expect(numberFor("A", [], [])).toBe(1);
  // One with the last number leaves those before it.
  expect(numberFor("A", [{ no: 1 }, { no: 0x3fff }], [])).toBe(2);
});

it("takes a short code where there was none for no other team, as the rules do", () => {
  const now_s = Date.parse("2026-06-05T12:00:00Z") / 1000;
  const match = { ...body, deadline: body.kickoff, lacks_notice: false, status: "scheduled", bets: 1 };
  const after = (more: object) =>
    lateness({ ...scheduled(body), ...more }, match as Shapes["MatchBody"], { notice_s: 43_200, lead_s: 0 }, now_s);
  expect(after({ away: { name: "W92", code: "XYZ" } })).toBeUndefined();
  expect(after({ home: { name: "Portugal", code: "PT" } })).toBe("lost");
  expect(after({ home: { name: "Spain" } })).toBe("lost");
});

it("lets no date bring tips back that came too late to count, as the rules do", () => {
  const now_s = Date.parse("2026-06-05T12:00:00Z") / 1000;
  const cancelled = {
    ...body,
    deadline: "2026-06-05T11:59:00Z",
    since: "2026-06-05T11:59:00Z",
    lacks_notice: true,
    bets: 1,
  };
  const dated = (stood: string) => {
    const match = { ...cancelled, stood } as Shapes["MatchBody"];
    return lateness({ ...scheduled(body), kickoff: now_s + 86_400 }, match, { notice_s: 43_200, lead_s: 0 }, now_s);
  };
  expect(dated("2026-06-05T12:00:10Z")).toBe("late");
  expect(dated("2026-06-06T12:00:00Z")).toBeUndefined();
});
